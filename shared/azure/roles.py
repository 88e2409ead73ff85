"""Built-in roles, by the identifier that is the same in every tenant. Source: "Azure built-in roles"."""

KEY_VAULT_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
"""Reads the content of secrets; what a named value that refers to Key Vault needs."""
MONITORING_METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"
"""Sends telemetry to Application Insights; what a logger with a managed identity needs."""


def role_definition_id(subscription_id: str, role: str) -> str:
    """Return the resource id of a built-in role as seen from a subscription."""
    return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role}"
