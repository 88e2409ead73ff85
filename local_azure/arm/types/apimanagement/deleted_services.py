"""Services that were deleted and can be brought back: learn.microsoft.com/azure/api-management/soft-delete."""

from datetime import timedelta

from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import JsonObject, find
from local_azure.arm.resource_types import SoftDelete
from local_azure.arm.store import Entity

_RETENTION = timedelta(hours=48)


def _retention(_service: Entity) -> timedelta:
    return _RETENTION


def _describe(service: Entity) -> JsonObject:
    return {"location": service.body["location"]}


def _wants_back(body: JsonObject) -> bool:
    """With `restore` every other property is ignored."""
    return find(body, "properties", "restore") is True


def _name_taken(name: str, _is_near: bool) -> ArmError:  # noqa: FBT001 - given by position, as SoftDelete has it
    return ArmError(
        409,
        "ServiceAlreadyExistsInSoftDeletedState",
        f"Api service {name} was soft-deleted. In order to create the new service with the same name, you have to "
        "either undelete the service or purge it. See https://aka.ms/apimsoftdelete.",
    )


def _not_restorable(name: str) -> ArmError:
    return ArmError(
        400,
        "ServiceUndeleteNotPossible",
        f"Unable to undelete service {name}: no soft-deleted service has this name, resource group and location.",
    )


def _not_found(name: str) -> ArmError:
    return ArmError(404, "ServiceNotFound", f"Api service does not exist: {name}")


SOFT_DELETE = SoftDelete(
    collection="deletedservices",
    id_property="serviceId",
    purge_action=None,
    retention=_retention,
    describe=_describe,
    wants_back=_wants_back,
    name_taken=_name_taken,
    not_restorable=_not_restorable,
    not_found=_not_found,
)
