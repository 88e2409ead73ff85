"""Properties between the shape of the SDK (flat, camelCase) and the shape of ARM's bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.metadata import load
from local_azure.provider.values import UNKNOWN, get_path, set_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from local_azure.metadata import Property, ResourceType, Type
    from local_azure.provider.values import JsonObject


def to_body(resource: ResourceType, inputs: JsonObject) -> JsonObject:
    """Return the body of a PUT; `properties` is there even when empty, as ARM requires for most types."""
    body = _to_wire(resource.inputs, inputs)
    if any(item.path[0] == "properties" for item in resource.inputs.values()):
        body.setdefault("properties", {})
    return body


def _to_wire(properties: Mapping[str, Property], values: JsonObject) -> JsonObject:
    body: JsonObject = {}
    for name, item in properties.items():
        if name in values:
            set_path(body, item.path, _wire_value(item.type, values[name]))
    return body


def _wire_value(kind: Type, value: JsonValue) -> JsonValue:
    match kind.kind, value:
        case "object", dict():
            return _to_wire(load().properties(kind), value)
        case "list", list():
            return [_wire_value(_element(kind), item) for item in value]
        case "map", dict():
            return {key: _wire_value(_element(kind), item) for key, item in value.items()}
        case "set", list():
            return {str(item): {} for item in value}
    return value


def to_outputs(resource: ResourceType, body: JsonObject) -> JsonObject:
    """Return the state that a response describes: outputs by SDK name, id, version of the REST API."""
    state = _from_wire(resource.outputs, body)
    if isinstance(body.get("id"), str):
        state["id"] = body["id"]
    return state | {"azureApiVersion": resource.api_version}


def to_inputs(resource: ResourceType, body: JsonObject) -> JsonObject:
    """Return the writable properties of a response: what a program would have to say to describe it."""
    return _from_wire(resource.inputs, body)


def _from_wire(properties: Mapping[str, Property], body: JsonObject) -> JsonObject:
    values: JsonObject = {}
    for name, item in properties.items():
        value = get_path(body, item.path)
        if value is not None:
            values[name] = _sdk_value(item.type, value)
    return values


def _sdk_value(kind: Type, value: JsonValue) -> JsonValue:
    match kind.kind, value:
        case "object", dict():
            return _from_wire(load().properties(kind), value)
        case "list", list():
            return [_sdk_value(_element(kind), item) for item in value]
        case "map", dict():
            return {key: _sdk_value(_element(kind), item) for key, item in value.items()}
        case "set", dict():
            return list(value)
    return value


def outputs_to_inputs(resource: ResourceType, outputs: JsonObject) -> JsonObject:
    """Return the part of a state that has a place in the inputs.

    Where input and output share a name but not a place (`type` of Backend and Group) there is none.
    """
    return {
        name: _input_value(item.type, outputs[name])
        for name, item in resource.inputs.items()
        if name in outputs and name in resource.outputs and resource.outputs[name].path == item.path
    }


def _input_value(kind: Type, value: JsonValue) -> JsonValue:
    match kind.kind, value:
        case "object", dict():
            return {
                name: _input_value(item.type, value[name])
                for name, item in load().properties(kind).items()
                if name in value
            }
        case "list", list():
            return [_input_value(_element(kind), item) for item in value]
        case "map", dict():
            return {key: _input_value(_element(kind), item) for key, item in value.items()}
        case "set", dict():
            return list(value)
    return value


def preview_outputs(resource: ResourceType, inputs: JsonObject) -> JsonObject:
    """Return the state that a preview shows: the inputs, and UNKNOWN for what only the service can say."""
    own = {
        name: value
        for name, value in inputs.items()
        if name not in resource.inputs
        or name not in resource.outputs
        or resource.outputs[name].path == resource.inputs[name].path
    }
    return _preview(resource.outputs, own) | {"id": UNKNOWN, "azureApiVersion": resource.api_version}


def _preview(properties: Mapping[str, Property], values: JsonObject) -> JsonObject:
    return {name: _preview_value(item.type, values.get(name, UNKNOWN)) for name, item in properties.items()}


def _preview_value(kind: Type, value: JsonValue) -> JsonValue:
    match kind.kind, value:
        case "object", dict():
            return _preview(load().properties(kind), value)
        case "list", list():
            return [_preview_value(_element(kind), item) for item in value]
        case "map", dict():
            return {key: _preview_value(_element(kind), item) for key, item in value.items()}
        case ("map", list()) | ("object", list()):
            return UNKNOWN  # a set of strings that the service answers as a map
    return value


def _element(kind: Type) -> Type:
    if kind.element is None:
        raise ValueError(f"A {kind.kind} without a type of element.")
    return kind.element
