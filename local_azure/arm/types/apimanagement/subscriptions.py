"""Subscriptions: keys and what they open (learn.microsoft.com/rest/api/apimanagement/subscription)."""

import secrets as random_tokens
from collections.abc import Callable
from http import HTTPStatus

from local_azure.arm.errors import invalid_field
from local_azure.arm.filters import choice, texts
from local_azure.arm.json_values import JsonObject, object_at, text, with_defaults, with_properties
from local_azure.arm.references import absolute, service_id
from local_azure.arm.resource_types import Action, Prepared, ResourceType, Write
from local_azure.arm.revision_ids import is_revision, without_current_revision
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import API, PRODUCT, SUBSCRIPTION, VERSIONS
from local_azure.arm.types.common import telling_creation

_KEYS = ("primaryKey", "secondaryKey")


def _prepare(write: Write) -> Prepared:
    """Keep the keys apart; a key that is not given stays, or is made when there is none yet."""
    properties = object_at(write.body, "properties")
    before = dict(write.before.secrets) if write.before else {}
    given = {name: properties.pop(name, None) for name in _KEYS}
    keys = {name: str(given[name] or before.get(name) or random_tokens.token_hex(16)) for name in _KEYS}
    body = with_defaults(write.body | {"properties": properties}, state="submitted", allowTracing=False)
    service = service_id(write.id)
    scope = _scope(write.store, service, text(properties, "scope"))
    owner = _owner(service, text(properties, "ownerId"))
    return Prepared(with_properties(body, scope=scope, ownerId=owner), keys)


def _owner(service: str, given: str) -> str | None:
    """Return the full id of the user that has a subscription, None for nobody; ArmError (400) for a user not there."""
    administrator = _administrator(service)
    if given and absolute(service, given).lower() != administrator.lower():
        raise invalid_field(
            "ownerId",
            f"'{given}' is no user of this service: the local Azure has the administrator alone, '/users/1'.",
        )
    return administrator if given else None


def _administrator(service: str) -> str:
    return f"{service}/users/1"


def subscribe_administrator(store: Store, product_id: str) -> None:
    """Keep the subscription that the administrator (user 1) has of a product from its beginning: active, no name.

    Its id is random, in the look of those that the service makes.
    """
    service = service_id(product_id)
    properties: JsonObject = {
        "ownerId": _administrator(service),
        "scope": product_id,
        "state": "active",
        "allowTracing": False,
    }
    store.put(
        f"{service}/subscriptions/{random_tokens.token_hex(12)}",
        SUBSCRIPTION,
        {"properties": properties},
        {name: random_tokens.token_hex(16) for name in _KEYS},
    )


def _scope(store: Store, service: str, given: str) -> str:
    """Return the full id that a scope means: the service, all of its APIs, one API or one product.

    Raises ArmError (400) for any other scope, and for an API or product that does not exist.
    """
    wanted = without_current_revision(absolute(service, given), store)
    if wanted.lower() == service.lower():
        return service
    if wanted.lower() == f"{service}/apis".lower():
        return f"{service}/apis"
    entity = store.get(wanted)
    in_service = wanted.lower().startswith(f"{service.lower()}/")
    if entity is None or not in_service or entity.type not in {API, PRODUCT} or is_revision(entity.name):
        raise invalid_field(
            "scope",
            f"'{given}' is no scope of this service: it has to be '/' (everything), '/apis', or an existing "
            "'/apis/{apiId}' or '/products/{productId}'.",
        )
    return entity.id


def _list_secrets(entity: Entity, _store: Store) -> JsonObject:
    return {name: entity.secrets[name] for name in _KEYS}


def _regenerate(key: str) -> Callable[[Entity, Store], None]:
    """Return the action that makes one of the keys anew; the old one opens nothing from then on."""

    def run(entity: Entity, store: Store) -> None:
        keys = {**entity.secrets, key: random_tokens.token_hex(16)}
        store.put(entity.id, entity.type, entity.body, keys)

    return run


def subscriptions_of(store: Store, resource_id: str) -> tuple[Entity, ...]:
    """Return the subscriptions whose scope is this API or product."""
    return tuple(
        entity
        for entity in store.below(service_id(resource_id), SUBSCRIPTION)
        if text(entity.body, "properties", "scope").lower() == resource_id.lower()
    )


TYPES = (
    ResourceType(
        SUBSCRIPTION,
        VERSIONS,
        noun="Subscription",
        prepare=_prepare,
        present=telling_creation("createdDate"),
        filters=texts("name", "displayName", "stateComment", "ownerId", "scope") | choice("state"),
        actions=(
            Action("listSecrets", _list_secrets),
            Action("regeneratePrimaryKey", _regenerate("primaryKey"), HTTPStatus.NO_CONTENT),
            Action("regenerateSecondaryKey", _regenerate("secondaryKey"), HTTPStatus.NO_CONTENT),
        ),
    ),
)
