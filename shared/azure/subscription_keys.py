"""How a consumer sends its subscription key. Source: "Subscriptions in Azure API Management"."""

KEY_HEADER = "Ocp-Apim-Subscription-Key"
"""The request header that carries a consumer's key."""

KEY_QUERY = "subscription-key"
"""The query parameter that may carry it instead."""
