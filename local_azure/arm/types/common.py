"""What resource types of several namespaces share."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from local_azure.arm.errors import ArmError
from local_azure.arm.identity import TENANT_ID, minted_id
from local_azure.arm.json_values import JsonObject, object_at, text, with_properties
from local_azure.arm.references import entity_of
from local_azure.arm.resource_types import Read
from local_azure.arm.store import Store

SUBNET = "Microsoft.Network/virtualNetworks/subnets"
USER_ASSIGNED_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"

_TIMESTAMP = "%Y-%m-%dT%H:%M:%S.%fZ"


def place(location: str) -> str:
    """Return a location in the spelling that locations are compared in: `West Europe` is `westeurope`."""
    return location.replace(" ", "").lower()


def timestamp(moment: datetime) -> str:
    """Return a moment as ARM writes it: UTC, `Z` at the end."""
    return moment.strftime(_TIMESTAMP)


def moment_of(written: str) -> datetime:
    """Return the moment that `timestamp` wrote."""
    return datetime.strptime(written, _TIMESTAMP).replace(tzinfo=UTC)


def telling_creation(field: str) -> Callable[[Read], JsonObject]:
    """Return what tells a resource with the moment of its creation in a field of its properties."""

    def present(read: Read) -> JsonObject:
        return with_properties(read.entity.body, **{field: timestamp(read.entity.created)})

    return present


def body_etag(etag: str) -> str:
    """Return the entity tag that network resources carry in their body."""
    return f'W/"{uuid.uuid5(uuid.NAMESPACE_OID, etag)}"'


def with_identity(body: JsonObject, resource_id: str, store: Store) -> JsonObject:
    """Return `body` with the ids of its managed identities filled in.

    Raises ArmError (400) when a user-assigned identity does not exist
    (learn.microsoft.com/rest/api/apimanagement/api-management-service/create-or-update).
    """
    identity = object_at(body, "identity")
    kind = text(identity, "type")
    if kind in {"", "None"}:
        return body
    filled: JsonObject = {"type": kind}
    if "SystemAssigned" in kind:
        filled |= {"principalId": minted_id(resource_id, "principal"), "tenantId": TENANT_ID}
    if "UserAssigned" in kind:
        filled["userAssignedIdentities"] = {
            identity_id: _user_assigned(identity_id, store)
            for identity_id in object_at(identity, "userAssignedIdentities")
        }
    return body | {"identity": filled}


def _user_assigned(identity_id: str, store: Store) -> JsonObject:
    entity = entity_of(store, identity_id, USER_ASSIGNED_IDENTITY)
    if entity is None:
        raise ArmError(
            400,
            "FailedIdentityOperation",
            f"Identity operation failed: the user-assigned identity '{identity_id}' was not found.",
        )
    properties = object_at(entity.body, "properties")
    return {"principalId": properties["principalId"], "clientId": properties["clientId"]}


def require_unique_name(store: Store, resource_id: str, resource_type: str, refusal: ArmError) -> None:
    """Raise `refusal` when another resource of this type, in whatever group, has the same name."""
    name = resource_id.rpartition("/")[2].lower()
    for other in store.of_type(resource_type):
        if other.name.lower() == name and other.key != resource_id.lower():
            raise refusal
