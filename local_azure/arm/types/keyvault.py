"""Microsoft.KeyVault: vaults and secrets as ARM sees them (learn.microsoft.com/rest/api/keyvault/keyvault).

ARM can write a secret and tell its attributes; the value is never told again. It cannot delete one: that is
the vault's own endpoint.
"""

import secrets as random_tokens

from local_azure.arm.errors import ArmError
from local_azure.arm.identity import TENANT_ID
from local_azure.arm.json_values import JsonObject, object_at, text, with_defaults, with_properties
from local_azure.arm.resource_types import LongRunning, Prepared, Read, ResourceType, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.common import require_unique_name
from local_azure.arm.types.deleted_vaults import DEFAULT_DAYS, SOFT_DELETE, lasting, name_in_use

VAULT = "Microsoft.KeyVault/vaults"
SECRET = "Microsoft.KeyVault/vaults/secrets"  # noqa: S105 - a type of resource, no password
_VERSIONS = ("2023-07-01", "2024-11-01")


def _prepare_vault(write: Write) -> Prepared:
    """Give the vault its address; the name is unique in all of Azure."""
    require_unique_name(write.store, write.id, VAULT, name_in_use(write.name))
    body = with_defaults(
        lasting(write),
        tenantId=TENANT_ID,
        accessPolicies=[],
        enableSoftDelete=True,
        softDeleteRetentionInDays=DEFAULT_DAYS,
        publicNetworkAccess="Enabled",
    )
    return Prepared(with_properties(body, vaultUri=f"{vault_url(write.name)}/", createMode=None))


def vault_url(name: str) -> str:
    """Return the address of a vault in Azure's public cloud; here it only identifies."""
    return f"https://{name.lower()}.vault.azure.net"


def _prepare_secret(write: Write) -> Prepared:
    """Keep the value apart from what can be told; every write makes a version.

    A write without a value keeps the one that is there.
    """
    properties = object_at(write.body, "properties")
    value = properties.pop("value", None)
    before = write.before.secrets if write.before else {}
    kept = {"value": value} if isinstance(value, str) else before
    if "value" not in kept:
        raise ArmError(400, "BadRequest", f"The secret '{write.name}' needs a value.")
    attributes: JsonObject = {"enabled": True} | object_at(properties, "attributes")
    uri = secret_url(write.id)
    body = with_properties(
        write.body | {"properties": properties},
        attributes=attributes,
        secretUri=uri,
        secretUriWithVersion=f"{uri}/{random_tokens.token_hex(16)}",
    )
    return Prepared(body, kept)


def _present_secret(read: Read) -> JsonObject:
    """Tell when the secret was made and changed, in seconds since 1970."""
    entity = read.entity
    moments = {"created": int(entity.created.timestamp()), "updated": int(entity.updated.timestamp())}
    attributes = object_at(entity.body, "properties", "attributes") | moments
    return with_properties(entity.body, attributes=attributes)


def secret_url(secret_id: str) -> str:
    """Return the address of a secret, without a version, for its ARM id."""
    segments = secret_id.split("/")
    return f"{vault_url(segments[8])}/secrets/{segments[10]}"


def find_secret(store: Store, url: str) -> Entity | None:
    """Return the secret that an address names, with or without a version; None when no vault here has it."""
    wanted = url.lower().rstrip("/")
    for entity in store.of_type(SECRET):
        address = secret_url(entity.id).lower()
        if wanted == address or wanted == text(entity.body, "properties", "secretUriWithVersion").lower():
            return entity
    return None


TYPES = (
    ResourceType(
        VAULT,
        _VERSIONS,
        is_tracked=True,
        prepare=_prepare_vault,
        long_running=LongRunning(frozenset({"PUT"})),
        soft_delete=SOFT_DELETE,
    ),
    ResourceType(SECRET, _VERSIONS, prepare=_prepare_secret, present=_present_secret, can_delete=False),
)
