"""Microsoft.ApiManagement: the service and its entities (learn.microsoft.com/rest/api/apimanagement)."""

from local_azure.arm.types.apimanagement import (
    apis,
    backends,
    loggers,
    named_values,
    policies,
    policy_fragments,
    products,
    service,
    subscriptions,
    tags,
)

TYPES = (
    *service.TYPES,
    *named_values.TYPES,
    *loggers.TYPES,
    *backends.TYPES,
    *products.TYPES,
    *apis.TYPES,
    *policies.TYPES,
    *policy_fragments.TYPES,
    *subscriptions.TYPES,
    *tags.TYPES,
)
