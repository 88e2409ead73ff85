"""Every type of resource that the local Azure has: one module per provider namespace."""

from local_azure.arm.resource_types import Registry
from local_azure.arm.types import (
    authorization,
    insights,
    keyvault,
    managedidentity,
    network,
    operationalinsights,
    resources,
)
from local_azure.arm.types.apimanagement import TYPES as API_MANAGEMENT

REGISTRY = Registry(
    (
        *resources.TYPES,
        *network.TYPES,
        *operationalinsights.TYPES,
        *keyvault.TYPES,
        *managedidentity.TYPES,
        *authorization.TYPES,
        *insights.TYPES,
        *API_MANAGEMENT,
    )
)
