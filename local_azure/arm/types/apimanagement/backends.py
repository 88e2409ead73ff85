"""Backends (learn.microsoft.com/rest/api/apimanagement/backend)."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from local_azure.arm.errors import invalid_field
from local_azure.arm.filters import texts
from local_azure.arm.json_values import JsonObject, find, text, with_defaults
from local_azure.arm.references import require_named_values, service_id
from local_azure.arm.resource_types import Action, Prepared, ResourceType, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.backend_pools import (
    POOL,
    pools_with,
    prepared_pool,
    require_no_pool,
)
from local_azure.arm.types.apimanagement.circuit_breakers import circuit_breaker_rule
from local_azure.arm.types.apimanagement.document_uses import documents_naming
from local_azure.arm.types.apimanagement.named_values import current_values
from local_azure.arm.types.apimanagement.names import BACKEND, VERSIONS
from local_azure.arm.types.apimanagement.uses import require_unused
from shared.policies import references

_PROTOCOLS = ("http", "soap")
_SINGLE = "Single"


def _prepare(write: Write) -> Prepared:
    """Refuse what neither a single backend nor a pool can be."""
    kind = text(write.body, "properties", "type") or _SINGLE
    if kind not in (_SINGLE, POOL):
        raise invalid_field("type", f"A backend's type is 'Single' or 'Pool', not '{kind}'.")
    require_named_values(
        write.store, service_id(write.id), find(write.body, "properties", "credentials"), "credentials"
    )
    if kind == POOL:
        return Prepared(prepared_pool(write))
    _require_callable(write.body)
    return Prepared(with_defaults(write.body, type=_SINGLE))


def _require_callable(body: JsonObject) -> None:
    """Refuse what a single backend cannot be; `http` is the protocol of https URLs too."""
    require_no_pool(body)
    if not text(body, "properties", "url").startswith(("http://", "https://")):
        raise invalid_field("url", "A backend needs a url that begins with http:// or https://.")
    if text(body, "properties", "protocol") not in _PROTOCOLS:
        raise invalid_field("protocol", "A backend's protocol is 'http' (for https URLs too) or 'soap'.")
    circuit_breaker_rule(body)


def _require_unused(entity: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a backend that a policy, a fragment or a pool sends calls to."""
    require_unused("Backend", entity.name, _users(entity, store))


def _users(entity: Entity, store: Store) -> Iterator[Entity]:
    yield from pools_with(store, entity.id)
    values = current_values(store, service_id(entity.id))
    yield from documents_naming(entity, store, values, "backend-id", references)


def _reconnect(_entity: Entity, _store: Store) -> None:
    """Accept what the gateway here does by itself: it opens a connection for every call that needs one."""


TYPES = (
    ResourceType(
        BACKEND,
        VERSIONS,
        noun="Backend",
        prepare=_prepare,
        before_delete=_require_unused,
        actions=(Action("reconnect", _reconnect, HTTPStatus.ACCEPTED),),
        filters=texts("name", "title", "url"),
    ),
)
