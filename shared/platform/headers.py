"""Headers and named values on which the platform and its models agree.

Apart from the resources: who needs a name need not import what azure-native has for them, nor Pulumi.
"""

CORRELATION_HEADER = "x-correlation-id"
"""The header by which a consumer's call is found in the traces of gateway and model."""

GATEWAY_SECRET_HEADER = "x-gateway-secret"  # noqa: S105 - the name of a header, not a secret
"""By this request header backends know the gateway. Clients cannot send it."""

BACKEND_SECRET = "model-backend-secret"  # noqa: S105 - the name of a secret, not its content
"""The named value, and the secret in Key Vault, by which backends know the gateway."""
