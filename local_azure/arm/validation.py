"""Checks a request body against what Microsoft's specifications require: fields, kinds, lengths, patterns, enums.

An enum that is extensible (`modelAsString`) gets new values without a new api-version: an unknown one is taken, and the
log says so (azure.github.io/autorest/extensions/#x-ms-enum).
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from local_azure.arm.errors import ErrorDetail, validation_error
from local_azure.arm.json_values import JsonObject, find
from local_azure.metadata import Kind, Limits, Metadata, Property, ResourceType, Type

_LOG = logging.getLogger("local_azure.arm")

_KINDS: Mapping[Kind, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "map": (dict,),
    "set": (dict,),
    "list": (list,),
}
_NAMES = {
    "object": "an object",
    "map": "an object",
    "set": "an object",
    "list": "a list",
    "integer": "an integer",
}


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that an extensible enum does not have yet: nothing wrong, but maybe a slip."""

    target: str
    value: str
    known: frozenset[str]


_Finding = ErrorDetail | UnknownValue


def check_body(
    metadata: Metadata, resource_type: ResourceType, body: JsonObject, before: JsonObject | None = None
) -> None:
    """Raise ArmError (400) that names every field of `body` that is missing or wrong; log values nobody knows.

    What was so `before` a PATCH is not the patch's doing: the administrator's subscription has no display name.
    """
    present = frozenset(() if before is None else _object(metadata, resource_type.inputs, before, ""))
    findings = [item for item in _object(metadata, resource_type.inputs, body, "") if item not in present]
    details = [finding for finding in findings if isinstance(finding, ErrorDetail)]
    if details:
        raise validation_error(*details)
    for finding in findings:
        if isinstance(finding, UnknownValue):
            _LOG.warning(
                "%s: %s is '%s', which is none of the known values %s; it is taken all the same",
                resource_type.arm_type,
                finding.target,
                finding.value,
                ", ".join(sorted(finding.known)),
            )


def check_name(resource_type: ResourceType, name: str) -> None:
    """Raise ArmError (400) when a resource of this type cannot have this name."""
    parameter = resource_type.path[-1]
    details = tuple(_text(parameter.limits, name, parameter.name))
    if details:
        raise validation_error(*details)


def _object(
    metadata: Metadata, properties: Mapping[str, Property], value: JsonValue, prefix: str
) -> Iterator[_Finding]:
    for prop in properties.values():
        target = prefix + ".".join(
            step for step in prop.path if step != "properties" or prop.path[-1:] == (step,)
        )
        found = find(value, *prop.path)
        if found is not None:
            yield from _value(metadata, prop.type, prop.limits, found, target)
        elif prop.required:
            yield ErrorDetail(target, f"'{target}' is required.")


def _value(
    metadata: Metadata, kind: Type, limits: Limits, value: JsonValue, target: str
) -> Iterator[_Finding]:
    expected = _KINDS.get(kind.kind)
    is_number_but_bool = isinstance(value, bool) and kind.kind in {"integer", "number"}
    if expected is not None and (not isinstance(value, expected) or is_number_but_bool):
        yield ErrorDetail(target, f"'{target}' has to be {_NAMES.get(kind.kind, f'a {kind.kind}')}.")
    elif isinstance(value, str):
        yield from _text(limits, value, target)
        yield from _enum(metadata, kind, value, target)
    elif isinstance(value, list):
        yield from _list(metadata, kind, limits, value, target)
    elif isinstance(value, dict):
        yield from _mapping(metadata, kind, value, target)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(limits, value, target)


def _text(limits: Limits, value: str, target: str) -> Iterator[ErrorDetail]:
    if limits.min_length is not None and len(value) < limits.min_length:
        yield ErrorDetail(target, f"'{target}' has to be at least {limits.min_length} characters long.")
    if limits.max_length is not None and len(value) > limits.max_length:
        yield ErrorDetail(
            target, f"'{target}' may be at most {limits.max_length} characters long, not {len(value)}."
        )
    if limits.pattern is not None and not re.search(limits.pattern, value):
        yield ErrorDetail(target, f"'{target}' is '{value}', which does not match '{limits.pattern}'.")


def _enum(metadata: Metadata, kind: Type, value: str, target: str) -> Iterator[_Finding]:
    known = metadata.enums.get(kind.name or "", frozenset([value]))
    if value in known:
        return
    if kind.is_extensible:
        yield UnknownValue(target, value, known)
    else:
        yield ErrorDetail(target, f"'{target}' is '{value}'; it has to be one of {', '.join(sorted(known))}.")


def _list(
    metadata: Metadata, kind: Type, limits: Limits, value: list[JsonValue], target: str
) -> Iterator[_Finding]:
    if limits.min_items is not None and len(value) < limits.min_items:
        yield ErrorDetail(target, f"'{target}' needs at least {limits.min_items} entries.")
    if limits.max_items is not None and len(value) > limits.max_items:
        yield ErrorDetail(
            target, f"'{target}' may have at most {limits.max_items} entries, not {len(value)}."
        )
    if kind.element is not None:
        for index, entry in enumerate(value):
            yield from _value(metadata, kind.element, Limits(), entry, f"{target}[{index}]")


def _mapping(metadata: Metadata, kind: Type, value: JsonObject, target: str) -> Iterator[_Finding]:
    if kind.kind == "object":
        yield from _object(metadata, metadata.properties(kind), value, f"{target}.")
    elif kind.kind == "map" and kind.element is not None:
        for name, entry in value.items():
            yield from _value(metadata, kind.element, Limits(), entry, f"{target}.{name}")


def _number(limits: Limits, value: float, target: str) -> Iterator[ErrorDetail]:
    if limits.minimum is not None and value < limits.minimum:
        yield ErrorDetail(target, f"'{target}' has to be at least {limits.minimum}, not {value}.")
    if limits.maximum is not None and value > limits.maximum:
        yield ErrorDetail(target, f"'{target}' may be at most {limits.maximum}, not {value}.")
