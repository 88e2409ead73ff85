"""A refresh's inputs: what the program said, corrected by what changed in Azure since the last operation.

Inputs cannot be read back: a response holds the service's defaults beside what the program set. So the
outputs before and after are compared, and only the properties that differ are carried over to the inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.provider.shape import outputs_to_inputs
from local_azure.provider.values import get_path, without_path

if TYPE_CHECKING:
    from pydantic import JsonValue

    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject


def refreshed_inputs(
    resource: ResourceType, inputs: JsonObject, old: JsonObject, new: JsonObject
) -> JsonObject:
    """Return the inputs after a refresh that found the outputs `new` where the state had `old`.

    Lists whose elements are resources of their own stay out of inputs that did not set them.
    """
    for path in resource.maintained:
        if get_path(inputs, path) is None:
            old, new = without_path(old, path), without_path(new, path)
    return _apply(inputs, outputs_to_inputs(resource, old), outputs_to_inputs(resource, new))


def _apply(values: JsonObject, old: JsonObject, new: JsonObject) -> JsonObject:
    result = {name: value for name, value in values.items() if name in new or name not in old}
    for name, value in new.items():
        if name not in old:
            result[name] = value
        elif old[name] != value:
            result[name] = _merge(values[name], old[name], value) if name in values else value
    return result


def _merge(base: JsonValue, old: JsonValue, new: JsonValue) -> JsonValue:
    if isinstance(base, dict) and isinstance(old, dict) and isinstance(new, dict):
        return _apply(base, old, new)
    if isinstance(base, list) and isinstance(old, list) and isinstance(new, list):
        known = min(len(base), len(old))
        merged = [_merge(base[index], old[index], item) for index, item in enumerate(new[:known])]
        return [*merged, *new[known:]]
    return new if old != new else base
