"""Vaults that were deleted and can be recovered: learn.microsoft.com/azure/key-vault/general/soft-delete-overview."""

from datetime import timedelta

from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import JsonObject, find, object_at, text, with_properties
from local_azure.arm.resource_types import SoftDelete, Write
from local_azure.arm.store import Entity

DEFAULT_DAYS = 90
_LEAST_DAYS = 7
_MOST_DAYS = 90
_DAYS = "softDeleteRetentionInDays"
_PROTECTION = "enablePurgeProtection"


def lasting(write: Write) -> JsonObject:
    """Return the body of a vault with what can be set once: a write that leaves it open keeps it.

    Raises ArmError (400) for a vault without soft delete, which there is none of any more, for purge protection that
    is turned off, and for a retention that is out of bounds or another one than before.
    """
    wanted, before = _properties(write.body), _properties(write.before.body if write.before else {})
    if wanted.get("enableSoftDelete") is False:
        raise _irreversible("enableSoftDelete", "the soft delete functionality")
    if wanted.get(_PROTECTION) is False:
        raise _irreversible(_PROTECTION, "the purge protection")
    days = wanted.get(_DAYS)
    if isinstance(days, int) and not _LEAST_DAYS <= days <= _MOST_DAYS:
        raise _bad_request(
            f'The property "{_DAYS}" has to be from {_LEAST_DAYS} to {_MOST_DAYS}, not {days}.'
        )
    if days is not None and before and days != before.get(_DAYS):
        raise _bad_request(f'The property "{_DAYS}" has been set already and it can\'t be modified.')
    return with_properties(
        write.body, **{name: before[name] for name in (_DAYS, _PROTECTION) if name in before}
    )


def _properties(body: JsonObject) -> JsonObject:
    return object_at(body, "properties")


def _irreversible(name: str, what: str) -> ArmError:
    return _bad_request(
        f'The property "{name}" cannot be set to false. Enabling {what} for a vault is an irreversible action.'
    )


def _bad_request(message: str) -> ArmError:
    return ArmError(400, "BadRequest", message)


def name_in_use(name: str) -> ArmError:
    """Return the refusal of a name that a vault has anywhere in Azure."""
    return ArmError(
        409,
        "VaultAlreadyExists",
        f"The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name "
        "is already taken. If you are sure that the vault name was not taken then it is possible that a vault with "
        "the same name was recently deleted but not purged after being placed in a recoverable state. If the vault "
        "is in a recoverable state then the vault will need to be purged before reusing the name.",
    )


def _retention(vault: Entity) -> timedelta:
    days = find(vault.body, "properties", _DAYS)
    return timedelta(days=days if isinstance(days, int) else DEFAULT_DAYS)


def _describe(vault: Entity) -> JsonObject:
    properties: JsonObject = {"location": vault.body["location"], "tags": object_at(vault.body, "tags")}
    if find(vault.body, "properties", _PROTECTION) is True:
        properties["purgeProtectionEnabled"] = True
    return {"properties": properties}


def _wants_back(body: JsonObject) -> bool:
    """Recovered, a vault is as it was: the rest of the request is ignored."""
    return text(body, "properties", "createMode").lower() == "recover"


def _name_taken(name: str, is_near: bool) -> ArmError:  # noqa: FBT001 - given by position, as SoftDelete has it
    if not is_near:
        return name_in_use(name)
    return ArmError(
        409,
        "ConflictError",
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing "
        "key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft "
        "delete.",
    )


def _not_restorable(_name: str) -> ArmError:
    return ArmError(
        400,
        "SoftDeletedVaultDoesNotExist",
        "A soft deleted vault with the given name does not exist. Ensure that the name for the vault that is being "
        "attempted to recover is in a recoverable state.",
    )


def _not_found(name: str) -> ArmError:
    return ArmError(404, "DeletedVaultNotFound", f"The specified deleted vault '{name}' does not exist.")


def _require_purgeable(told: JsonObject) -> None:
    """Refuse to purge a vault with purge protection."""
    if find(told, "properties", "purgeProtectionEnabled") is True:
        raise ArmError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")


SOFT_DELETE = SoftDelete(
    collection="deletedVaults",
    id_property="vaultId",
    purge_action="purge",
    retention=_retention,
    describe=_describe,
    wants_back=_wants_back,
    name_taken=_name_taken,
    not_restorable=_not_restorable,
    not_found=_not_found,
    require_purgeable=_require_purgeable,
)
