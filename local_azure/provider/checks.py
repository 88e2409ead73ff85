"""Validation of a program's inputs before anything is sent; the sentences are the official provider's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_azure.metadata import load
from local_azure.provider.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from local_azure.metadata import Limits, Property, ResourceType, Type
    from local_azure.provider.values import JsonObject

API_VERSION = "azureApiVersion"
CREATE_BEFORE_DELETE = "__createBeforeDelete"
"""The input that remembers that the provider chose the name, so that a replacement can exist beside it."""

_INTERNAL = frozenset({API_VERSION, CREATE_BEFORE_DELETE})
_LOCATION_HINT = (
    ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why inputs are refused: the property (dotted, with [index]) and a sentence."""

    property: str
    reason: str


def check(resource: ResourceType, inputs: JsonObject) -> list[Failure]:
    """Return what is wrong with a resource's inputs; values that are not known yet are taken to be right."""
    failures = list(_unknown_names(resource, inputs))
    for parameter in resource.path:
        value = inputs.get(parameter.name)
        if value is None:
            failures.append(Failure(parameter.name, f"missing required property '{parameter.name}'"))
        elif isinstance(value, str):
            failures.extend(_text(parameter.name, parameter.limits, value))
        else:
            failures.append(_wrong_type(parameter.name, "string", value))
    for name, kind in resource.query.items():
        if name in inputs:
            failures.extend(_value(name, kind, inputs[name]))
    return [*failures, *_object("", resource.inputs, inputs)]


def _unknown_names(resource: ResourceType, inputs: JsonObject) -> Iterator[Failure]:
    known = {*resource.inputs, *resource.query, *resource.path_names, *_INTERNAL}
    for name in sorted(set(inputs) - known):
        yield _unknown_name(name, name, known - _INTERNAL)


def _object(context: str, properties: Mapping[str, Property], values: JsonObject) -> Iterator[Failure]:
    for name, item in properties.items():
        place = f"{context}.{name}" if context else name
        if name in values:
            yield from _property(place, item, values[name])
        elif item.required:
            yield Failure(
                place, f"missing required property '{place}'{_LOCATION_HINT if place == 'location' else ''}"
            )


def _property(place: str, item: Property, value: JsonValue) -> Iterator[Failure]:
    if value == UNKNOWN:
        return
    yield from _value(place, item.type, value)
    match value:
        case str():
            yield from _text(place, item.limits, value)
        case bool():
            return
        case int() | float():
            yield from _number(place, item.limits, value)


_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "map": (dict,),
    "list": (list,),
    "set": (list,),
}


def _value(place: str, kind: Type, value: JsonValue) -> Iterator[Failure]:
    if kind.kind == "any" or value == UNKNOWN:
        return
    expected = _PYTHON_TYPES[kind.kind]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        yield _wrong_type(place, kind.kind, value)
    elif isinstance(value, dict) and kind.kind == "object":
        properties = load().properties(kind)
        for name in sorted(set(value) - set(properties)):
            yield _unknown_name(place, f"{place}.{name}", set(properties))
        yield from _object(place, properties, value)
    elif kind.element is not None:
        for key, item in _items(value):
            yield from _value(f"{place}[{key}]", kind.element, item)


def _items(value: JsonValue) -> Iterator[tuple[str | int, JsonValue]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _unknown_name(top: str, place: str, known: set[str]) -> Failure:
    return Failure(top, f"unknown property '{place}': there are {', '.join(sorted(known))}")


_NAMES = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "an array",
    dict: "an object",
}


def _wrong_type(place: str, expected: str, value: JsonValue) -> Failure:
    return Failure(place, f"'{place}' should be of type '{expected}' but got {_NAMES[type(value)]}")


def _text(place: str, limits: Limits, value: str) -> Iterator[Failure]:
    if value == UNKNOWN:
        return
    if limits.min_length is not None and len(value) < limits.min_length:
        yield Failure(
            place, f"'{place}' is too short ({len(value)}): at least {limits.min_length} characters required"
        )
    if limits.max_length is not None and len(value) > limits.max_length:
        yield Failure(
            place, f"'{place}' is too long ({len(value)}): at most {limits.max_length} characters allowed"
        )
    if limits.pattern is not None and re.search(limits.pattern, value) is None:
        yield Failure(place, f"'{place}' does not match expression '{limits.pattern}'")


def _number(place: str, limits: Limits, value: float) -> Iterator[Failure]:
    if limits.minimum is not None and value < limits.minimum:
        yield Failure(place, f"'{place}' is too low ({value} < {limits.minimum})")
    if limits.maximum is not None and value > limits.maximum:
        yield Failure(place, f"'{place}' is too high ({value} > {limits.maximum})")
