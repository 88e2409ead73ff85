"""Named values (learn.microsoft.com/rest/api/apimanagement/named-value).

The value of a secret is told by `listValue` alone; a Key Vault reference must lead to a secret in a vault
here and is looked up each time it is used, so that a new version of the secret holds at once.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from local_azure.arm.errors import ArmError, invalid_field
from local_azure.arm.filters import texts
from local_azure.arm.json_values import JsonObject, find, object_at, text, with_properties
from local_azure.arm.references import entity_of, named_value_names, named_values, service_id
from local_azure.arm.resource_types import Action, LongRunning, Prepared, ResourceType, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.document_uses import (
    documents_naming,
    documents_with,
    require_runnable,
)
from local_azure.arm.types.apimanagement.names import (
    BACKEND,
    LOGGER,
    NAMED_VALUE,
    POLICY_FRAGMENT,
    VERSIONS,
)
from local_azure.arm.types.apimanagement.policy_documents import fragments_of
from local_azure.arm.types.apimanagement.uses import require_unused
from local_azure.arm.types.common import USER_ASSIGNED_IDENTITY, timestamp
from local_azure.arm.types.keyvault import find_secret
from shared.policies import included_fragments


def _prepare(write: Write) -> Prepared:
    _require_unique_display_name(write)
    properties = object_at(write.body, "properties")
    value = properties.pop("value", None)
    body = write.body | {"properties": properties}
    if properties.get("keyVault") is not None:
        body = _with_key_vault(write, body)
        _require_runnable(write, _vault_value(write.store, body))
        return Prepared(body)
    secrets = {"value": value} if isinstance(value, str) else write.kept_secrets
    if not secrets.get("value"):
        raise invalid_field("value", "A named value needs a value, or a keyVault reference instead.")
    _require_runnable(write, secrets["value"])
    if properties.get("secret") is True:
        return Prepared(body, secrets)
    return Prepared(with_properties(body, secret=False, value=secrets["value"]), secrets)


def _require_unique_display_name(write: Write) -> None:
    """Refuse a display name that another named value has: policies know named values by it."""
    display_name = text(write.body, "properties", "displayName")
    other = named_values(write.store, service_id(write.id)).get(display_name)
    if other is not None and other.key != write.id.lower():
        raise invalid_field("displayName", f"Property with the display name '{display_name}' already exists.")


def _require_runnable(write: Write, value: str | None) -> None:
    """Refuse a value, or a new display name, with which a policy or fragment that uses it could not run."""
    name = text(write.body, "properties", "displayName")
    before = text(write.before.body, "properties", "displayName") if write.before else name
    service = service_id(write.id)
    values = {key: old for key, old in current_values(write.store, service).items() if key != before}
    if value is not None:
        values[name] = value
    require_runnable(
        _running(write.store, service, _use(before), _use(name)), values, fragments_of(write.store, service)
    )


def _running(store: Store, service: str, *uses: str) -> Iterator[Entity]:
    """Yield the policies and fragments that use a named value, and the policies that include such a fragment."""
    values = current_values(store, service)
    for document in documents_with(store, service, *uses):
        yield document
        if document.type == POLICY_FRAGMENT:
            yield from documents_naming(document, store, values, "fragment-id", included_fragments)


def _use(display_name: str) -> str:
    """Return how a policy names a named value."""
    return f"{{{{{display_name}}}}}"


def _with_key_vault(write: Write, body: JsonObject) -> JsonObject:
    """Return the body with what the service tells of its look at the secret; refuse what leads nowhere."""
    identifier = text(body, "properties", "keyVault", "secretIdentifier")
    if find_secret(write.store, identifier) is None:
        raise invalid_field(
            "keyVault.secretIdentifier",
            f"No secret is at '{identifier}'. Write the secret into its vault first.",
        )
    client = text(body, "properties", "keyVault", "identityClientId")
    if client and client not in _client_ids(write):
        raise invalid_field(
            "keyVault.identityClientId", f"'{client}' is the client id of no identity that this service has."
        )
    reference = object_at(body, "properties", "keyVault")
    reference["lastStatus"] = {"code": "Success", "timeStampUtc": timestamp(datetime.now(UTC))}
    return with_properties(body, keyVault=reference, secret=True)


def _client_ids(write: Write) -> set[str]:
    """Return the client ids of the user-assigned identities of the service."""
    service = write.store.get(service_id(write.id))
    identities = object_at(service.body if service else {}, "identity", "userAssignedIdentities")
    entities = (entity_of(write.store, identity, USER_ASSIGNED_IDENTITY) for identity in identities)
    return {text(entity.body, "properties", "clientId") for entity in entities if entity}


def value_of(entity: Entity, store: Store) -> str | None:
    """Return the value that policies see; None when the secret behind a reference is gone."""
    if find(entity.body, "properties", "keyVault") is None:
        return entity.secrets.get("value")
    return _vault_value(store, entity.body)


def _vault_value(store: Store, body: JsonObject) -> str | None:
    """Return the value of the secret that a reference leads to."""
    secret = find_secret(store, text(body, "properties", "keyVault", "secretIdentifier"))
    return secret.secrets.get("value") if secret else None


def current_values(store: Store, service: str) -> dict[str, str]:
    """Return what the named values of a service stand for, by display name; a lost secret is left out."""
    values = {name: value_of(entity, store) for name, entity in named_values(store, service).items()}
    return {name: value for name, value in values.items() if value is not None}


def _require_unused(entity: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a named value that a policy, a fragment, or the credentials of a backend or logger use."""
    name, service = text(entity.body, "properties", "displayName"), service_id(entity.id)
    users = [*documents_with(store, service, _use(name))]
    holders = (*store.below(service, BACKEND), *store.below(service, LOGGER))
    users += [
        holder
        for holder in holders
        if name in named_value_names(find(holder.body, "properties", "credentials"))
    ]
    require_unused("Property", entity.name, users)


def _list_value(entity: Entity, store: Store) -> JsonObject:
    value = value_of(entity, store)
    if value is None:
        identifier = find(entity.body, "properties", "keyVault", "secretIdentifier")
        raise ArmError(400, "KeyVaultSecretNotFound", f"No secret is at '{identifier}'.")
    return {"value": value}


def _refresh_secret(entity: Entity, store: Store) -> Entity:
    """Look at the secret behind a reference again, and tell when that was.

    Page: learn.microsoft.com/rest/api/apimanagement/named-value/refresh-secret. Raises ArmError (400) for a named value
    without reference, and for one whose secret is gone or would break a policy.
    """
    if find(entity.body, "properties", "keyVault") is None:
        raise invalid_field(
            "keyVault", f"The named value '{entity.name}' has no keyVault reference to refresh."
        )
    prepared = _prepare(Write(entity.id, entity.body, entity, is_patch=True, store=store))
    return store.put(entity.id, entity.type, prepared.body, prepared.secrets)


TYPES = (
    ResourceType(
        NAMED_VALUE,
        VERSIONS,
        noun="Property",
        prepare=_prepare,
        before_delete=_require_unused,
        filters=texts("displayName"),
        actions=(Action("listValue", _list_value), Action("refreshSecret", _refresh_secret)),
        long_running=LongRunning(frozenset({"PUT", "PATCH", "POST"})),
    ),
)
