"""The resource types that the stacks use, and where Microsoft describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource type: its names in the two sources.

    `module` and `name` are azure-native's; `package` is a subpackage of `azure.mgmt`, `operations` a class
    in its `operations` module and `method` the one that sends the PUT. `create_only` are body properties
    whose change makes azure-native replace the resource although they are no path parameters. `maintained`
    are list properties (dotted SDK names) whose elements are resources of their own too: an update of the
    parent that does not set them must keep them.
    """

    module: str
    name: str
    package: str
    operations: str
    method: str = "create_or_update"
    create_only: tuple[str, ...] = ()
    maintained: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """The type token that programs and the engine use."""
        return f"azure-native:{self.module}:{self.name}"


def _apim(
    name: str,
    operations: str,
    method: Literal["create_or_update", "begin_create_or_update"] = "create_or_update",
) -> Entry:
    return Entry("apimanagement", name, "apimanagement", operations, method)


_BEGIN: Literal["begin_create_or_update"] = "begin_create_or_update"

ENTRIES: tuple[Entry, ...] = (
    Entry("resources", "ResourceGroup", "resource.resources.v2022_09_01", "ResourceGroupsOperations"),
    Entry(
        "network",
        "VirtualNetwork",
        "network",
        "VirtualNetworksOperations",
        _BEGIN,
        maintained=("subnets", "virtualNetworkPeerings"),
    ),
    Entry("network", "Subnet", "network", "SubnetsOperations", _BEGIN),
    Entry(
        "network",
        "NetworkSecurityGroup",
        "network",
        "NetworkSecurityGroupsOperations",
        _BEGIN,
        maintained=("securityRules",),
    ),
    Entry("operationalinsights", "Workspace", "loganalytics", "WorkspacesOperations", _BEGIN),
    Entry(
        "keyvault", "Vault", "keyvault", "VaultsOperations", _BEGIN, maintained=("properties.accessPolicies",)
    ),
    Entry("keyvault", "Secret", "keyvault", "SecretsOperations"),
    Entry("managedidentity", "UserAssignedIdentity", "msi.v2023_01_31", "UserAssignedIdentitiesOperations"),
    Entry(
        "authorization",
        "RoleAssignment",
        "authorization.v2022_04_01",
        "RoleAssignmentsOperations",
        "create",
        create_only=("principalId",),
    ),
    Entry("applicationinsights", "Component", "applicationinsights.v2020_02_02", "ComponentsOperations"),
    _apim("ApiManagementService", "ApiManagementServiceOperations", _BEGIN),
    _apim("Logger", "LoggerOperations"),
    _apim("Diagnostic", "DiagnosticOperations"),
    _apim("Policy", "PolicyOperations"),
    _apim("PolicyFragment", "PolicyFragmentOperations", _BEGIN),
    _apim("Product", "ProductOperations"),
    _apim("ProductPolicy", "ProductPolicyOperations"),
    _apim("Group", "GroupOperations"),
    _apim("ProductGroupLink", "ProductGroupLinkOperations"),
    _apim("NamedValue", "NamedValueOperations", _BEGIN),
    _apim("ApiVersionSet", "ApiVersionSetOperations"),
    _apim("Api", "ApiOperations", _BEGIN),
    _apim("ApiSchema", "ApiSchemaOperations", _BEGIN),
    _apim("ApiOperation", "ApiOperationOperations"),
    _apim("ApiOperationPolicy", "ApiOperationPolicyOperations"),
    _apim("ApiPolicy", "ApiPolicyOperations"),
    _apim("Backend", "BackendOperations"),
    _apim("ProductApiLink", "ProductApiLinkOperations"),
    _apim("Subscription", "SubscriptionOperations"),
    _apim("Tag", "TagOperations"),
    _apim("TagApiLink", "TagApiLinkOperations"),
)

NOT_IN_PACKAGES: frozenset[str] = frozenset(
    {
        # azure-native takes these from a specification newer than the azure-mgmt package of the same API
        # version.
        "network:Subnet.serviceGateway",
        "azure-native:authorization:RoleAssignment.systemData",
    }
)
"""Properties of the SDK (`owner.property`) that the azure-mgmt packages lack: so does the local Azure."""

NEWER_VALUES: Mapping[str, tuple[str, ...]] = {"apimanagement:SkuType": ("PremiumV2",)}
"""Values that the service has and the specifications of this API version do not know yet.

Page: learn.microsoft.com/azure/api-management/v2-service-tiers-overview.
"""
