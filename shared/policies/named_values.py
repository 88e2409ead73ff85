"""Named values: constants and secrets of a service that documents use as `{{name}}`.

Page: learn.microsoft.com/azure/api-management/api-management-howto-properties.
"""

import re
from collections.abc import Iterator, Mapping

from shared.azure.policy_statements import PolicyContentFormat
from shared.policies.document import PolicyDocument
from shared.policies.errors import PolicyError
from shared.policies.expressions import Expression
from shared.policies.markup import Kind, pieces
from shared.policies.traversal import attribute_values, document_elements, own_text, text_values
from shared.policies.values import EXPRESSION_STARTS
from shared.policies.xml_text import escape_attribute

_NAMED_VALUE = re.compile(r"\{\{([A-Za-z0-9._-]+)\}\}")


def named_values(document: PolicyDocument) -> frozenset[str]:
    """Return the names of the named values that a document uses."""
    return frozenset(name for text in _texts(document) for name in _NAMED_VALUE.findall(text))


def substitute(
    xml: str,
    values: Mapping[str, str],
    content_format: PolicyContentFormat = PolicyContentFormat.RAWXML,
) -> str:
    """Return the text of a document with its named values in place of their names.

    A value stays one text whatever it holds: it is escaped, unless it goes into the C# of a `rawxml` document
    or is a policy expression itself, which named values may be. Comments are left alone. Raises PolicyError
    for a name without a value.
    """
    raw = content_format is PolicyContentFormat.RAWXML
    parts: list[str] = []
    for piece in pieces(xml, content_format):
        if piece.kind in {Kind.MARKUP, Kind.TAG}:
            parts.append(piece.text)
            continue
        code = piece.kind is not Kind.LITERAL
        position = 0
        for use in _NAMED_VALUE.finditer(piece.text):
            value = values.get(use[1])
            if value is None:
                raise PolicyError(
                    f"{{{{{use[1]}}}}} is not a named value of the service: create it, or correct the name",
                    line=piece.line + piece.text.count("\n", 0, use.start()),
                )
            verbatim = code or (raw and value.startswith(EXPRESSION_STARTS))
            parts += [piece.text[position : use.start()], value if verbatim else escape_attribute(value)]
            position = use.end()
        parts.append(piece.text[position:])
    return "".join(parts)


def _texts(document: PolicyDocument) -> Iterator[str]:
    """Yield every literal and every expression's C#."""
    for element in document_elements(document):
        values = [value for _, value in (*attribute_values(element), *text_values(element))]
        text = own_text(element)
        values += [] if text is None else [text]
        yield from (value.code if isinstance(value, Expression) else str(value) for value in values)
