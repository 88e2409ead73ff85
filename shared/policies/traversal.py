"""Walking through the elements of a document and the values they hold."""

from collections.abc import Iterator

from shared.policies.document import PolicyDocument
from shared.policies.expressions import Expression
from shared.policies.schema import schema
from shared.policies.statement import Element, Statement
from shared.policies.values import Value


def document_elements(document: PolicyDocument | tuple[Statement, ...]) -> Iterator[Element]:
    """Yield every element of a document's sections, or of a fragment's statements, parents before children."""
    parts = (document,) if isinstance(document, tuple) else (part for _, part in document.sections())
    for statements in parts:
        for statement in statements:
            yield from nested_elements(statement)


def nested_elements(element: Element) -> Iterator[Element]:
    """Yield an element and all that is inside it, parents before children."""
    yield element
    for child in children(element):
        yield from nested_elements(child)


def children(element: Element) -> tuple[Element, ...]:
    """Return the elements directly inside an element, in the order in which they are written."""
    shape = schema(type(element))
    names = [name for name, _ in shape.elements.values()]
    names += [] if shape.statements is None else [shape.statements]
    return tuple(child for name in names for child in _held(getattr(element, name)))


def _held(value: Element | tuple[Element, ...] | None) -> tuple[Element, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def own_text(element: Element) -> str | Expression | None:
    """Return the text between the tags of an element; None for an element that holds none."""
    name = schema(type(element)).text
    text: str | Expression | None = None if name is None else getattr(element, name)
    return text


def attribute_values(element: Element) -> Iterator[tuple[str, Value]]:
    """Yield the attributes that an element writes: those whose value is not the default of the reference."""
    for name, attribute in schema(type(element)).attributes.items():
        value = getattr(element, attribute.field)
        if value is not None and (attribute.required or value != attribute.default):
            yield name, value


def text_values(element: Element) -> Iterator[tuple[str, str | Expression]]:
    """Yield the child elements with text, as name and text."""
    for name, field in schema(type(element)).texts.items():
        for text in getattr(element, field):
            yield name, text
