"""The types of JSON values, cut so that none overlaps another: whole numbers and numbers with a fraction are two."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import JsonValue


class Atom(StrEnum):
    """A type of values; the value of a member is how sentences call it."""

    NULL = "null"
    BOOLEAN = "true and false"
    INTEGER = "whole numbers"
    FRACTION = "numbers with a fraction"
    STRING = "texts"
    ARRAY = "lists"
    OBJECT = "maps"


ALL = frozenset(Atom)
NUMBERS = frozenset({Atom.INTEGER, Atom.FRACTION})
FINITE = frozenset({Atom.NULL, Atom.BOOLEAN})
"""Types with so few values that they can be listed."""

_BY_KEYWORD: Mapping[str, frozenset[Atom]] = {
    "null": frozenset({Atom.NULL}),
    "boolean": frozenset({Atom.BOOLEAN}),
    "integer": frozenset({Atom.INTEGER}),
    "number": NUMBERS,
    "string": frozenset({Atom.STRING}),
    "array": frozenset({Atom.ARRAY}),
    "object": frozenset({Atom.OBJECT}),
}
_BY_PYTHON: Mapping[type, Atom] = {
    type(None): Atom.NULL,
    bool: Atom.BOOLEAN,
    int: Atom.INTEGER,
    float: Atom.FRACTION,
    str: Atom.STRING,
    list: Atom.ARRAY,
    dict: Atom.OBJECT,
}


def types_of(schema: Mapping[str, JsonValue]) -> frozenset[Atom]:
    """Return the types of values that a schema takes by its `type` and `nullable` alone.

    Without `type`, `nullable` says nothing ("Clarify Semantics of nullable", a proposal that OpenAPI 3.0.3 took up).
    """
    said = schema.get("type")
    names = said if isinstance(said, list) else [said]
    found = frozenset(atom for name in names if isinstance(name, str) for atom in _BY_KEYWORD.get(name, ()))
    if not found:
        return ALL
    return found | {Atom.NULL} if schema.get("nullable") is True else found


def type_of(value: JsonValue) -> Atom:
    """Return the type of a value."""
    return _BY_PYTHON[type(value)]


def spoken(types: frozenset[Atom]) -> str:
    """Return the types as a phrase, always in the same order: `null, texts and lists`."""
    names = [atom.value for atom in Atom if atom in types and not (types >= NUMBERS and atom in NUMBERS)]
    if types >= NUMBERS:
        names.append("numbers")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
