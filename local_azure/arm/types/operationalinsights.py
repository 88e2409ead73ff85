"""Microsoft.OperationalInsights: workspaces (learn.microsoft.com/rest/api/loganalytics/workspaces)."""

from local_azure.arm.identity import minted_id
from local_azure.arm.json_values import find, with_defaults, with_properties
from local_azure.arm.resource_types import Prepared, ResourceType, Write
from local_azure.arm.types.common import telling_creation

WORKSPACE = "Microsoft.OperationalInsights/workspaces"


def _prepare(write: Write) -> Prepared:
    """Fill in what the provider decides; retention is in days, `PerGB2018` is the SKU of new workspaces."""
    body = with_defaults(
        write.body,
        sku={"name": "PerGB2018"},
        retentionInDays=30,
        publicNetworkAccessForIngestion="Enabled",
        publicNetworkAccessForQuery="Enabled",
    )
    return Prepared(
        with_properties(
            body,
            customerId=minted_id(write.id, "customer"),
            workspaceCapping=find(body, "properties", "workspaceCapping") or {"dailyQuotaGb": -1.0},
        )
    )


TYPES = (
    ResourceType(
        WORKSPACE,
        ("2022-10-01", "2023-09-01", "2025-02-01", "2025-07-01"),
        is_tracked=True,
        prepare=_prepare,
        present=telling_creation("createdDate"),
    ),
)
