"""References from one resource to another: they must lead somewhere."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from local_azure.arm.errors import ArmError, invalid_field
from local_azure.arm.revision_ids import without_current_revision
from local_azure.arm.store import Entity, Store

_NAMED_VALUE = re.compile(r"\{\{([A-Za-z0-9._-]+)\}\}")


def service_id(resource_id: str) -> str:
    """Return the id of the API Management service that this entity's id lies in."""
    return "/".join(resource_id.split("/")[:9])


def absolute(service: str, reference: str) -> str:
    """Return the full id for a reference that may be relative to the service (`/apis/iris`)."""
    if reference.lower().startswith("/subscriptions/") and "/providers/" in reference.lower():
        return reference.rstrip("/")
    return f"{service}/{reference.strip('/')}".rstrip("/")


def entity_of(store: Store, resource_id: str, resource_type: str) -> Entity | None:
    """Return the resource with this id when it is of this type."""
    entity = store.get(resource_id)
    return entity if entity is not None and entity.type == resource_type else None


def require_entity(store: Store, service: str, reference: str, resource_type: str, target: str) -> Entity:
    """Return what an entity of API Management refers to.

    `target` is the field that holds the reference. Raises ArmError (400) when it leads nowhere.
    """
    entity = entity_of(store, without_current_revision(absolute(service, reference), store), resource_type)
    if entity is None or not entity.key.startswith(f"{service.lower()}/"):
        kind = resource_type.rpartition("/")[2]
        raise invalid_field(target, f"'{reference}' is not one of the {kind} of this service.")
    return entity


def require_resource(store: Store, reference: str, resource_type: str, referrer: str) -> Entity:
    """Return the resource that another one refers to; ArmError (400) in ARM's words when there is none."""
    entity = entity_of(store, reference, resource_type)
    if entity is None:
        raise ArmError(
            400,
            "InvalidResourceReference",
            f"Resource {reference} referenced by resource {referrer} was not found. Please make sure "
            "that the referenced resource exists, and that both resources are in the same region.",
        )
    return entity


def named_value_names(value: JsonValue) -> Iterator[str]:
    """Yield the names in double braces in every string of a JSON value."""
    if isinstance(value, str):
        yield from _NAMED_VALUE.findall(value)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from named_value_names(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from named_value_names(entry)


def require_named_values(store: Store, service: str, value: JsonValue, target: str) -> None:
    """Raise ArmError (400) unless every named value that stands in `value` is one of this service."""
    wanted = dict.fromkeys(named_value_names(value))
    if not wanted:
        return
    known = set(named_values(store, service))
    for name in wanted:
        if name not in known:
            raise invalid_field(target, f"Property '{name}' not found.")


def named_values(store: Store, service: str) -> dict[str, Entity]:
    """Return the named values of a service by display name, the name that policies use."""
    found: dict[str, Entity] = {}
    for entity in store.below(service, "Microsoft.ApiManagement/service/namedValues"):
        properties = entity.body.get("properties")
        display_name = properties.get("displayName") if isinstance(properties, dict) else None
        found[display_name if isinstance(display_name, str) else entity.name] = entity
    return found
