"""Microsoft.ManagedIdentity: user-assigned identities (learn.microsoft.com/rest/api/managedidentity)."""

from local_azure.arm.identity import TENANT_ID, minted_id
from local_azure.arm.json_values import with_properties
from local_azure.arm.resource_types import Prepared, ResourceType, Write
from local_azure.arm.types.common import USER_ASSIGNED_IDENTITY


def _prepare(write: Write) -> Prepared:
    return Prepared(
        with_properties(
            write.body,
            tenantId=TENANT_ID,
            principalId=minted_id(write.id, "principal"),
            clientId=minted_id(write.id, "client"),
        )
    )


TYPES = (
    ResourceType(USER_ASSIGNED_IDENTITY, ("2023-01-31", "2024-11-30"), is_tracked=True, prepare=_prepare),
)
