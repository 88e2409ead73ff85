"""How the fields of an element appear in XML, read from their annotations.

- `str`, `int`, `bool`, `Literal[...]` and unions of them: an attribute. `| Expression` where the reference
  allows policy expressions, `| None` where the attribute may be missing and then has no value.
- `Annotated[tuple[str | Expression, ...], Texts("value")]`: child elements that hold text.
- `tuple[SomeElement, ...]`: child elements of that type.
- `tuple[Statement, ...]`: nested statements of any type, for the statements that control flow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, get_args, get_origin, get_type_hints

from shared.policies.attributes import Attribute, attribute
from shared.policies.statement import Element, Statement


@dataclass(frozen=True)
class Texts:
    """Marks a field whose items are child elements of this name that hold text."""

    element: str


@dataclass(frozen=True)
class Schema:
    """The XML of one element type. The children named here are fields that hold tuples."""

    attributes: Mapping[str, Attribute]
    """The attributes by name, in the order of the fields."""

    texts: Mapping[str, str]
    """The fields whose items are elements with text, by the name of those elements."""

    elements: Mapping[str, tuple[str, type[Element]]]
    """The fields whose items are elements of one type, and that type, by element name."""

    statements: str | None
    """The field whose items are nested statements."""


_SCHEMAS: dict[type[Element], Schema] = {}


def schema(element: type[Element]) -> Schema:
    """Return how an element type appears in XML."""
    if element not in _SCHEMAS:
        _SCHEMAS[element] = _derived(element)
    return _SCHEMAS[element]


def _derived(element: type[Element]) -> Schema:
    hints = get_type_hints(element, include_extras=True)
    attributes: dict[str, Attribute] = {}
    texts: dict[str, str] = {}
    elements: dict[str, tuple[str, type[Element]]] = {}
    statements: str | None = None
    for field in fields(element):
        if field.name == "line":
            continue
        hint = hints[field.name]
        if get_origin(hint) is Annotated:
            texts[next(mark.element for mark in get_args(hint) if isinstance(mark, Texts))] = field.name
        elif get_origin(hint) is not tuple:
            found = attribute(field, hint)
            attributes[found.name] = found
        elif get_args(hint)[0] is Statement:
            statements = field.name
        else:
            item = get_args(hint)[0]
            elements[item.element] = (field.name, item)
    return Schema(attributes, texts, elements, statements)
