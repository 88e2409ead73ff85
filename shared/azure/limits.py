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
