"""From resources to what the gateway executes: one `Service` per API Management service."""

import logging
from collections.abc import Mapping

from pydantic import JsonValue

from local_azure.arm.json_values import JsonObject, find, object_at, objects_at, text
from local_azure.arm.revision_ids import split
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement import names
from local_azure.arm.types.apimanagement.backend_pools import pool_services
from local_azure.arm.types.apimanagement.circuit_breakers import circuit_breaker_rule
from local_azure.arm.types.apimanagement.named_values import current_values
from local_azure.arm.types.apimanagement.policy_documents import fragments_of, raw_document
from local_azure.gateway.compiler import CompiledService, compile_service
from local_azure.gateway.configuration import (
    KEY_HEADER,
    KEY_QUERY,
    Api,
    Backend,
    BackendPool,
    Operation,
    PoolMember,
    Product,
    Representation,
    Response,
    Service,
    Subscription,
    VersionScheme,
)

_LOG = logging.getLogger(__name__)

_SCHEMES: dict[str, VersionScheme] = {"Segment": "Segment", "Query": "Query", "Header": "Header"}


class GatewayConfiguration:
    """The services of a store, compiled when they are asked for and something has changed.

    Not at each write: a deployment is many writes in a row, and each would compile what all models have.
    """

    def __init__(self, store: Store) -> None:
        """Compile nothing yet."""
        self._store = store
        self._revision = -1
        self._compiled: Mapping[str, CompiledService] = {}

    def current(self) -> Mapping[str, CompiledService]:
        """Return the services by name, with every write that was acknowledged; to be called by one thread."""
        if self._store.revision != self._revision:
            self._refresh()
        return self._compiled

    def _refresh(self) -> None:
        with self._store.snapshot():
            revision = self._store.revision
            found = (self._compile(entity) for entity in self._store.of_type(names.SERVICE))
            self._compiled = {compiled.service.name: compiled for compiled in found if compiled is not None}
        self._revision = revision

    def _compile(self, entity: Entity) -> CompiledService | None:
        """Return the compiled service; a defect is logged, and ends neither the call nor other services."""
        try:
            return compile_service(_service(entity, self._store))
        except Exception:  # the boundary
            _LOG.exception("The gateway of '%s' keeps its last configuration.", entity.name)
            return self._compiled.get(entity.name.lower())


def _service(entity: Entity, store: Store) -> Service:
    return Service(
        name=entity.name.lower(),
        policy=_policy(entity, store),
        apis=tuple(_api(api, store) for api in store.below(entity.id, names.API)),
        products=tuple(_product(product, store) for product in store.below(entity.id, names.PRODUCT)),
        subscriptions=tuple(
            _subscription(item, entity) for item in store.below(entity.id, names.SUBSCRIPTION)
        ),
        backends=_backends(entity, store),
        named_values=current_values(store, entity.id),
        fragments=fragments_of(store, entity.id),
    )


def _backends(service: Entity, store: Store) -> tuple[Backend | BackendPool, ...]:
    entities = store.below(service.id, names.BACKEND)
    singles = {
        entity.key: Backend(
            entity.name, text(entity.body, "properties", "url"), circuit_breaker_rule(entity.body)
        )
        for entity in entities
        if not pool_services(entity.body)
    }
    pools = (_pool(entity, singles) for entity in entities if pool_services(entity.body))
    return (*singles.values(), *pools)


def _pool(entity: Entity, singles: Mapping[str, Backend]) -> BackendPool:
    """Return a pool; without priorities its members are one group, without weights they share evenly."""
    return BackendPool(
        entity.name,
        tuple(
            PoolMember(
                singles[text(item, "id").lower()], _number(item, "priority", 0), _number(item, "weight", 1)
            )
            for item in pool_services(entity.body)
        ),
    )


def _number(item: JsonObject, name: str, default: int) -> int:
    value = item.get(name)
    return value if isinstance(value, int) else default


def _policy(owner: Entity, store: Store) -> str | None:
    policy = store.get(f"{owner.id}/policies/policy")
    return raw_document(policy) if policy else None


def _api(entity: Entity, store: Store) -> Api:
    properties = object_at(entity.body, "properties")
    version_set = store.get(text(properties, "apiVersionSetId"))
    versioned = object_at(version_set.body if version_set else {}, "properties")
    scheme = _SCHEMES.get(text(versioned, "versioningScheme"))
    name = {"Query": "versionQueryName", "Header": "versionHeaderName"}.get(scheme or "", "")
    return Api(
        name=entity.name,
        family=split(entity.name)[0],
        path=text(properties, "path"),
        revision=text(properties, "apiRevision"),
        is_current=_flag(properties, "isCurrent"),
        version=text(properties, "apiVersion") or None,
        version_scheme=scheme,
        version_name=text(versioned, name) or None,
        subscription_required=_flag(properties, "subscriptionRequired"),
        key_header=text(properties, "subscriptionKeyParameterNames", "header") or KEY_HEADER,
        key_query=text(properties, "subscriptionKeyParameterNames", "query") or KEY_QUERY,
        service_url=text(properties, "serviceUrl") or None,
        policy=_policy(entity, store),
        operations=tuple(_operation(item, store) for item in store.below(entity.id, names.OPERATION)),
        schemas={
            schema.name: find(schema.body, "properties", "document")
            for schema in store.below(entity.id, names.API_SCHEMA)
        },
        display_name=text(properties, "displayName"),
    )


def _operation(entity: Entity, store: Store) -> Operation:
    properties = object_at(entity.body, "properties")
    return Operation(
        name=entity.name,
        method=text(properties, "method"),
        url_template=text(properties, "urlTemplate"),
        policy=_policy(entity, store),
        request_representations=_representations(object_at(properties, "request")),
        responses=tuple(
            Response(_status(response.get("statusCode")), _representations(response))
            for response in objects_at(properties, "responses")
        ),
        display_name=text(properties, "displayName"),
    )


def _representations(owner: JsonObject) -> tuple[Representation, ...]:
    return tuple(
        Representation(
            text(item, "contentType"), text(item, "schemaId") or None, text(item, "typeName") or None
        )
        for item in objects_at(owner, "representations")
    )


def _status(value: JsonValue) -> int:
    """Return the status code of a response, whose kind is checked when it is written."""
    return value if isinstance(value, int) else 0


def _product(entity: Entity, store: Store) -> Product:
    properties = object_at(entity.body, "properties")
    links = store.below(entity.id, names.API_LINK)
    linked = (text(link.body, "properties", "apiId").rpartition("/")[2] for link in links)
    return Product(
        name=entity.name,
        subscription_required=_flag(properties, "subscriptionRequired"),
        api_names=frozenset(linked),
        policy=_policy(entity, store),
        display_name=text(properties, "displayName"),
    )


def _subscription(entity: Entity, service: Entity) -> Subscription:
    properties = object_at(entity.body, "properties")
    return Subscription(
        name=entity.name,
        scope=text(properties, "scope")[len(service.id) :] or "/",  # kept as a full id
        state=text(properties, "state"),
        primary_key=entity.secrets["primaryKey"],
        secondary_key=entity.secrets["secondaryKey"],
        display_name=text(properties, "displayName"),
    )


def _flag(properties: JsonObject, name: str) -> bool:
    return properties.get(name) is not False
