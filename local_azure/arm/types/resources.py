"""Microsoft.Resources: resource groups (learn.microsoft.com/rest/api/resources/resource-groups)."""

from local_azure.arm.addresses import RESOURCE_GROUP
from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import JsonObject, text
from local_azure.arm.resource_types import LongRunning, Prepared, Read, ResourceType, Write
from local_azure.arm.types.common import place

RESOURCES_VERSIONS = ("2021-04-01", "2022-09-01", "2024-03-01", "2024-07-01", "2024-11-01", "2025-03-01")
"""What the clients and the provider name for `Microsoft.Resources` itself."""


def _prepare(write: Write) -> Prepared:
    """Refuse another location: a group stays where it was made."""
    if write.before:
        before, wanted = text(write.before.body, "location"), text(write.body, "location")
        if place(before) != place(wanted):
            raise ArmError(
                409,
                "InvalidResourceGroupLocation",
                f"Invalid resource group location '{wanted}'. The Resource group already exists in location "
                f"'{before}'.",
            )
    return Prepared(write.body)


def _present(read: Read) -> JsonObject:
    return read.entity.body | {"properties": {"provisioningState": "Succeeded"}}


TYPES = (
    ResourceType(
        RESOURCE_GROUP,
        RESOURCES_VERSIONS,
        prepare=_prepare,
        present=_present,
        long_running=LongRunning(frozenset({"DELETE"})),
    ),
)
