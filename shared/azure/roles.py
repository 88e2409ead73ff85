"""Built-in roles, by the identifier that is the same in every tenant. Source: "Azure built-in roles"."""

KEY_VAULT_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
"""Reads the content of secrets; what a named value that refers to Key Vault needs."""
MONITORING_METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"
"""Sends telemetry to Application Insights; what a logger with a managed identity needs."""
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
"""Sees every resource, and no key or secret."""
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
"""Manages every resource; assigns no roles and lifts no locks."""
ROLE_BASED_ACCESS_CONTROL_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
"""Assigns roles, as far as a condition lets it."""
STORAGE_BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
"""Reads blobs and lists containers."""
STORAGE_BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
"""Reads, writes and deletes blobs and containers."""
KEY_VAULT_CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
"""Encrypts and decrypts with keys of a vault; the least of the built-in roles that decrypts."""


def role_definition_id(subscription_id: str, role: str) -> str:
    """Return the resource id of a built-in role as seen from a subscription."""
    return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role}"
