"""Backends of type `Pool`: https://learn.microsoft.com/azure/api-management/backends#load-balanced-pool."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from local_azure.arm.errors import ArmError, ErrorDetail, invalid_field, validation_error
from local_azure.arm.json_values import JsonObject, find, object_at, objects_at, text, with_properties
from local_azure.arm.references import require_entity, service_id
from local_azure.arm.resource_types import Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import BACKEND

if TYPE_CHECKING:
    from pydantic import JsonValue

POOL = "Pool"
MOST = 30
"""Backends that a pool may have."""
_OF_SINGLE = {"url": "Url", "protocol": "Protocol", "circuitBreaker": "CircuitBreaker"}
"""Properties that only a single backend has, and what the service calls them."""


def prepared_pool(write: Write) -> JsonObject:
    """Return what to keep of a pool: its backends by their full ids.

    Raises ArmError (400) for a property of single backends, for none or too many backends, and for one that does
    not exist or is a pool. The words for the properties are the service's (github.com/Azure/bicep/issues/14097).
    """
    properties = object_at(write.body, "properties")
    unsupported = [name for name in _OF_SINGLE if properties.get(name) is not None]
    if unsupported:
        sentence = "{} is not supported for backend pool."
        raise validation_error(
            *(ErrorDetail(name, sentence.format(_OF_SINGLE[name])) for name in unsupported)
        )
    services = pool_services(write.body)
    if not 1 <= len(services) <= MOST:
        raise invalid_field("pool", f"A backend pool has 1 to {MOST} services, not {len(services)}.")
    for pool in pools_with(write.store, write.id):
        raise _nested("type", f"'{write.name}' is one of the services of the pool '{pool.name}'.")
    members: list[JsonValue] = [
        item | {"id": _member(write, text(item, "id"), f"pool.services[{index}].id").id}
        for index, item in enumerate(services)
    ]
    return with_properties(write.body, pool=object_at(properties, "pool") | {"services": members})


def _member(write: Write, reference: str, target: str) -> Entity:
    member = require_entity(write.store, service_id(write.id), reference, BACKEND, target)
    if member.key == write.id.lower() or pool_services(member.body):
        raise _nested(target, f"'{reference}' is a pool itself.")
    return member


def _nested(target: str, reason: str) -> ArmError:
    return invalid_field(target, f"A backend pool can have single backends only: {reason}")


def pool_services(body: JsonObject) -> tuple[JsonObject, ...]:
    """Return what a pool says of each of its backends: id, priority, weight; nothing for a single backend."""
    return objects_at(body, "properties", "pool", "services")


def pools_with(store: Store, backend_id: str) -> Iterator[Entity]:
    """Yield the pools that a backend is in."""
    for entity in store.below(service_id(backend_id), BACKEND):
        if backend_id.lower() in {text(item, "id").lower() for item in pool_services(entity.body)}:
            yield entity


def require_no_pool(body: JsonObject) -> None:
    """Raise ArmError (400) for a single backend that names the backends of a pool."""
    if find(body, "properties", "pool") is not None:
        raise invalid_field("pool", "A backend of type 'Single' has no pool; give it the type 'Pool'.")
