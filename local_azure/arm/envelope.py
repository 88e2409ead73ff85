"""How a kept resource is told: id, name and type around the body, and what every read adds."""

from pydantic import JsonValue

from local_azure.arm.json_values import JsonObject, text, with_properties
from local_azure.arm.resource_types import Read, Registry
from local_azure.metadata import load


def told(read: Read, registry: Registry) -> JsonObject:
    """Return the resource as GET and PUT tell it; what kept no other provisioning state has succeeded."""
    entity = read.entity
    entry = registry.find(entity.type)
    body = entry.present(read) if entry else entity.body
    if has_state(entity.type):
        kept = text(entity.body, "properties", "provisioningState")
        body = with_properties(body, provisioningState=read.state or kept or "Succeeded")
    return {"id": entity.id, "name": entity.name, "type": entity.type} | body


def has_state(resource_type: str) -> bool:
    """Tell whether resources of this type have a `provisioningState`."""
    known = load().by_arm_type(resource_type)
    return known is not None and any(
        prop.path == ("properties", "provisioningState") for prop in known.outputs.values()
    )


def summary(body: JsonObject) -> JsonObject:
    """Return what the list of a group's resources tells of one (`GenericResourceExpanded`)."""
    names = ("id", "name", "type", "location", "tags", "kind", "sku", "identity", "zones")
    return {name: body[name] for name in names if name in body}


def listed(values: list[JsonValue]) -> JsonObject:
    """Return a collection, told whole."""
    return {"value": values}
