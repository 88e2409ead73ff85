"""How the fields of an element appear in XML, read from their annotations.

- `str`, `int`, `bool`, `Literal[...]` and unions of them: an attribute. `| Expression` where the reference
  allows policy expressions, `| None` where the attribute may be missing and then has no value.
- `Annotated[str | Expression, OwnText()]`: the text of the element itself.
- `Annotated[tuple[str | Expression, ...], Texts("value")]`: child elements that hold text.
- `tuple[SomeElement, ...]`: child elements of that type; `SomeElement | None`: at most one of them.
- `tuple[Statement, ...]`: nested statements of any type, for the statements that control flow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import NoneType, UnionType
from typing import Annotated, get_args, get_origin, get_type_hints

from shared.policies.attributes import Attribute, attribute
from shared.policies.statement import Element, Statement


@dataclass(frozen=True)
class Texts:
    """Marks a field whose items are child elements of this name that hold text."""

    element: str


@dataclass(frozen=True)
class OwnText:
    """Marks a field that is the text between the tags of its element."""


@dataclass(frozen=True)
class Schema:
    """The XML of one element type. The children named here are fields that hold tuples, unless they are single."""

    attributes: Mapping[str, Attribute]
    """The attributes by name, in the order of the fields."""

    text: str | None
    """The field that is the element's own text."""

    texts: Mapping[str, str]
    """The fields whose items are elements with text, by the name of those elements."""

    elements: Mapping[str, tuple[str, type[Element]]]
    """The fields whose items are elements of one type, and that type, by element name."""

    single: frozenset[str]
    """Those of these fields that hold one element, or None."""

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
    text: str | None = None
    texts: dict[str, str] = {}
    elements: dict[str, tuple[str, type[Element]]] = {}
    single: set[str] = set()
    statements: str | None = None
    for field in fields(element):
        if field.name == "line":
            continue
        hint = hints[field.name]
        if get_origin(hint) is Annotated:
            marks = get_args(hint)[1:]
            texts |= {mark.element: field.name for mark in marks if isinstance(mark, Texts)}
            text = field.name if OwnText() in marks else text
        elif (only := _only_element(hint)) is not None:
            elements[only.element] = (field.name, only)
            single.add(field.name)
        elif get_origin(hint) is not tuple:
            found = attribute(field, hint)
            attributes[found.name] = found
        elif get_args(hint)[0] is Statement:
            statements = field.name
        else:
            item = get_args(hint)[0]
            elements[item.element] = (field.name, item)
    return Schema(attributes, text, texts, elements, frozenset(single), statements)


def _only_element(hint: object) -> type[Element] | None:
    """Return the element type of an annotation `SomeElement | None`; None for any other."""
    members = [member for member in get_args(hint) if member is not NoneType]
    found = [member for member in members if isinstance(member, type) and issubclass(member, Element)]
    return found[0] if get_origin(hint) is UnionType and found == members else None
