"""Writing a document as `rawxml`: the C# of expressions stands as it is, everything else is escaped."""

from collections.abc import Iterator

from shared.policies.document import PolicyDocument
from shared.policies.errors import PolicyError
from shared.policies.statement import Element
from shared.policies.traversal import attribute_values, children, own_text, text_values
from shared.policies.values import attribute_text, element_text

_INDENT = "  "


def render(document: PolicyDocument) -> str:
    """Return the document as pretty `rawxml`; the same document always gives the same text.

    Attributes that have the reference's default value are left out. Raises PolicyError for a value that XML
    or the policy language could not give back.
    """
    lines = ["<policies>"]
    for section, statements in document.sections():
        if statements:
            lines.append(f"{_INDENT}<{section}>")
            lines += [line for statement in statements for line in _element(statement, _INDENT * 2)]
            lines.append(f"{_INDENT}</{section}>")
        else:
            lines.append(f"{_INDENT}<{section} />")
    lines.append("</policies>")
    return "\n".join(lines) + "\n"


def _element(element: Element, indent: str) -> Iterator[str]:
    try:
        attributes = "".join(
            f' {name}="{attribute_text(value)}"' for name, value in attribute_values(element)
        )
        texts = [f"<{name}>{element_text(text)}</{name}>" for name, text in text_values(element)]
        text = own_text(element)
        own = None if text is None else element_text(text)
    except PolicyError as error:
        raise PolicyError(
            f"<{element.element}>: {error.message}", line=element.line, element=element.element
        ) from None
    if own is not None:
        yield f"{indent}<{element.element}{attributes}>{own}</{element.element}>"
        return
    inner = [f"{indent}{_INDENT}{text}" for text in texts]
    inner += [line for child in children(element) for line in _element(child, indent + _INDENT)]
    if not inner:
        yield f"{indent}<{element.element}{attributes} />"
        return
    yield f"{indent}<{element.element}{attributes}>"
    yield from inner
    yield f"{indent}</{element.element}>"
