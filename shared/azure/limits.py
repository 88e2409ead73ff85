"""Limits of API Management that do not depend on the tier, except those of policy statements.

Source: "API Management limits" in "Azure subscription and service limits, quotas, and constraints", and the
reference of each resource.
"""

LONGEST_IDENTIFIER = 80
"""Characters of the identifier of an operation, schema, backend, version set or product link.

Other identifiers may be longer.
"""

MOST_POOL_MEMBERS = 30
"""Backends that a pool may have. Page: learn.microsoft.com/azure/api-management/backends (load-balanced pool)."""

LONGEST_OPERATION_DISPLAY_NAME = 300
"""Characters of the name of an operation for people: `OperationContract.displayName` of Microsoft.ApiManagement."""

LONGEST_OPERATION_DESCRIPTION = 1000
"""Characters of the description of an operation: `OperationContract.description`."""

LONGEST_URL_TEMPLATE = 1000
"""Characters of the path of an operation below its API: `OperationContract.urlTemplate`."""

LONGEST_BACKEND_URL = 2000
"""Characters of the URL of a backend: `BackendContract.url`."""

LARGEST_SCHEMA = 4 * 1024 * 1024
"""Bytes of the schemas of one API with which bodies can be validated; a larger one fails at each call.

"Size of API schema used by validation policy: 4 MB". Page:
learn.microsoft.com/azure/api-management/validate-content-policy.
"""

URL_PARAMETERS_PAGE = "learn.microsoft.com/azure/api-management/api-management-api-import-restrictions"
"""The names of the parameters of path and query of an operation differ, in more than case."""
