"""Small tools for JSON objects whose shape is not known in advance."""

from typing import TypeAlias

from pydantic import JsonValue

JsonObject: TypeAlias = dict[str, JsonValue]


def find(value: JsonValue, *path: str) -> JsonValue:
    """Return what stands at `path` below `value`, None where a step is missing or is no object."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text(value: JsonValue, *path: str) -> str:
    """Return the string at `path`, empty where there is none."""
    found = find(value, *path)
    return found if isinstance(found, str) else ""


def object_at(value: JsonValue, *path: str) -> JsonObject:
    """Return a shallow copy of the object at `path`, empty where there is none."""
    found = find(value, *path)
    return dict(found) if isinstance(found, dict) else {}


def objects_at(value: JsonValue, *path: str) -> tuple[JsonObject, ...]:
    """Return the objects in the list at `path`; entries that are no objects are left out."""
    found = find(value, *path)
    return tuple(entry for entry in found if isinstance(entry, dict)) if isinstance(found, list) else ()


def with_properties(body: JsonObject, **changes: JsonValue) -> JsonObject:
    """Return `body` with entries of its `properties` set; a change to None removes the entry."""
    properties = object_at(body, "properties") | changes
    return body | {"properties": {name: value for name, value in properties.items() if value is not None}}


def with_defaults(body: JsonObject, **defaults: JsonValue) -> JsonObject:
    """Return `body` with the entries of `properties` that it leaves open (missing or null) filled in."""
    properties = object_at(body, "properties")
    missing = {name: value for name, value in defaults.items() if properties.get(name) is None}
    return body | {"properties": properties | missing}


def merge_patch(target: JsonValue, patch: JsonValue) -> JsonValue:
    """Return `target` with a JSON merge patch: null removes, objects merge, the rest replaces (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    merged: JsonObject = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
