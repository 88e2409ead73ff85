"""What only the service sets: ARM ignores it in a request, wherever it stands in the body.

The specifications mark it `readOnly`; here it is what a response has and a request has not, or what the metadata mark.
"""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from local_azure.arm.json_values import JsonObject
from local_azure.metadata import Metadata, Property, ResourceType, Type


def without_read_only(metadata: Metadata, resource_type: ResourceType, body: JsonObject) -> JsonObject:
    """Return `body` without the fields, of nested objects too, that only the service sets."""
    return _object(metadata, resource_type.inputs, resource_type.outputs, body)


def _object(
    metadata: Metadata, inputs: Mapping[str, Property], outputs: Mapping[str, Property], body: JsonObject
) -> JsonObject:
    written = {prop.path: prop.type for prop in inputs.values() if not prop.read_only}
    for prop in outputs.values():
        given = written.get(prop.path)
        if given is None:
            body = _changed(body, prop.path, None)
        else:
            body = _changed(body, prop.path, _inside(metadata, given, prop.type))
    return body


def _inside(metadata: Metadata, given: Type, told: Type) -> Callable[[JsonValue], JsonValue]:
    """Return what takes the read-only fields out of a value that is written as `given` and told as `told`."""

    def change(value: JsonValue) -> JsonValue:
        if given.kind != told.kind:
            return value
        if given.kind == "object" and isinstance(value, dict):
            return _object(metadata, metadata.properties(given), metadata.properties(told), value)
        if given.element is None or told.element is None:
            return value
        inner = _inside(metadata, given.element, told.element)
        if isinstance(value, list):
            return [inner(entry) for entry in value]
        return {name: inner(entry) for name, entry in value.items()} if isinstance(value, dict) else value

    return change


def _changed(
    body: JsonObject, path: tuple[str, ...], change: Callable[[JsonValue], JsonValue] | None
) -> JsonObject:
    """Return `body` with what stands at `path` changed, or taken out when `change` is None."""
    step, rest = path[0], path[1:]
    if step not in body:
        return body
    value = body[step]
    if rest:
        return body | {step: _changed(value, rest, change)} if isinstance(value, dict) else body
    if change is None:
        return {name: entry for name, entry in body.items() if name != step}
    return body | {step: change(value)}
