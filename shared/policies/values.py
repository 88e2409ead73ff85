"""The values of attributes and texts: literals and policy expressions."""

from typing import TypeAlias

from shared.policies.csharp import end_of_expression
from shared.policies.errors import PolicyError
from shared.policies.expressions import Expression
from shared.policies.xml_text import XML_SPACE, escape_attribute, escape_literal, forbidden_character

Value: TypeAlias = str | int | bool | Expression
"""What an attribute or a text can hold. A named value appears in a literal or an expression as `{{name}}`."""

EXPRESSION_STARTS = ("@(", "@{")
_BOOLEANS = {True: "true", False: "false"}


def read_expression(text: str) -> Expression | None:
    """Return the policy expression that the text is, or None for a literal.

    Raises PolicyError when an expression is only a part of the text: it has to be the whole value.
    """
    stripped = text.strip(XML_SPACE)
    if stripped.startswith(EXPRESSION_STARTS) and end_of_expression(stripped, 0) == len(stripped):
        return Expression(stripped[2:-1], multi_statement=stripped[1] == "{")
    if any(start in text for start in EXPRESSION_STARTS):
        raise PolicyError(
            f"a policy expression is only a part of {text!r}: make the whole value one expression, "
            "joining its parts in C#",
        )
    return None


def attribute_text(value: Value) -> str:
    """Return a value as it stands between the quotes of an attribute in `rawxml`."""
    if isinstance(value, Expression):
        return str(value)
    if isinstance(value, bool):
        return _BOOLEANS[value]
    return str(value) if isinstance(value, int) else escape_attribute(_literal(value))


def element_text(value: str | Expression) -> str:
    """Return a value as it stands in an element in `rawxml`.

    Raises PolicyError for a literal with white space at an end: documents are laid out with white space
    there.
    """
    if isinstance(value, Expression):
        return str(value)
    if value != value.strip(XML_SPACE):
        raise PolicyError(
            f"the text {value!r} begins or ends with white space, which a document cannot keep: strip it"
        )
    return escape_literal(_literal(value))


def _literal(text: str) -> str:
    """Refuse a literal that would not be read back as itself."""
    forbidden = forbidden_character(text)
    if forbidden is not None:
        raise PolicyError(f"the text {text!r} holds {forbidden!r}, which XML cannot carry: leave it out")
    if any(start in text for start in EXPRESSION_STARTS):
        raise PolicyError(f"the text {text!r} would be read as a policy expression: use Expression")
    return text
