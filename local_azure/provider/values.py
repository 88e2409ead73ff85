"""Property values between the engine's protocol (a protobuf Struct) and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    JsonObject = dict[str, JsonValue]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The engine's sentinel for a value that is known only after the update, whatever its type."""


def from_struct(struct: struct_pb2.Struct) -> JsonObject:
    """Return a message's properties without nulls: a null input means a property that is not set."""
    return {
        name: _from_value(value)
        for name, value in struct.fields.items()
        if value.WhichOneof("kind") != "null_value"
    }


def _from_value(value: struct_pb2.Value) -> JsonValue:
    match value.WhichOneof("kind"):
        case "struct_value":
            return from_struct(value.struct_value)
        case "list_value":
            return [_from_value(item) for item in value.list_value.values]
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "number_value":
            # The protocol has floating-point numbers only; ARM wants 60, not 60.0.
            number = value.number_value
            return int(number) if number.is_integer() else number
    return None


def to_struct(properties: Mapping[str, JsonValue]) -> struct_pb2.Struct:
    """Return properties as a message."""
    struct = struct_pb2.Struct()
    for name, value in properties.items():
        struct.fields[name].CopyFrom(_to_value(value))
    return struct


def _to_value(value: JsonValue) -> struct_pb2.Value:
    match value:
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case list():
            items = struct_pb2.ListValue()
            for item in value:
                items.values.append(_to_value(item))
            return struct_pb2.Value(list_value=items)
        case dict():
            return struct_pb2.Value(struct_value=to_struct(value))


def get_path(value: JsonValue, path: tuple[str, ...]) -> JsonValue:
    """Return what stands at a path of keys, or None."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def set_path(container: JsonObject, path: tuple[str, ...], value: JsonValue) -> None:
    """Put a value at a path of keys, making the objects on the way."""
    for key in path[:-1]:
        inner = container.setdefault(key, {})
        if not isinstance(inner, dict):
            raise TypeError(f"{key} is no object.")
        container = inner
    container[path[-1]] = value


def without_path(container: JsonObject, path: tuple[str, ...]) -> JsonObject:
    """Return a copy that lacks what stands at a path of keys."""
    key, *rest = path
    inner = container.get(key)
    if not rest:
        return {name: value for name, value in container.items() if name != key}
    if not isinstance(inner, dict):
        return container
    return container | {key: without_path(inner, tuple(rest))}
