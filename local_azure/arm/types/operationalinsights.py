"""Microsoft.OperationalInsights: workspaces (learn.microsoft.com/rest/api/loganalytics/workspaces).

Agents send with a shared key, which only a POST tells (.../loganalytics/shared-keys).
"""

import base64
import secrets as random_tokens

from local_azure.arm.identity import minted_id
from local_azure.arm.json_values import JsonObject, find, with_defaults, with_properties
from local_azure.arm.resource_types import Action, Prepared, ResourceType, Write
from local_azure.arm.store import Entity, Store
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
        ),
        write.before.secrets if write.before else _new_keys(),
    )


def _new_keys() -> dict[str, str]:
    names = ("primarySharedKey", "secondarySharedKey")
    return {name: base64.b64encode(random_tokens.token_bytes(64)).decode() for name in names}


def _shared_keys(entity: Entity, _store: Store) -> JsonObject:
    return {**entity.secrets}


def _regenerate(entity: Entity, store: Store) -> JsonObject:
    return {**store.put(entity.id, entity.type, entity.body, _new_keys()).secrets}


TYPES = (
    ResourceType(
        WORKSPACE,
        ("2022-10-01", "2023-09-01", "2025-02-01", "2025-07-01"),
        is_tracked=True,
        prepare=_prepare,
        present=telling_creation("createdDate"),
        actions=(Action("sharedKeys", _shared_keys), Action("regenerateSharedKey", _regenerate)),
    ),
)
