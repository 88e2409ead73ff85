"""The named values that policies may use, as ``{{name}}``."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement

from shared.layers import FoundationOutputs
from shared.place import ServicePlace
from shared.platform.headers import BACKEND_SECRET

ENVIRONMENT = "environment"
"""The named value that holds the environment's name."""


@dataclass(frozen=True)
class NamedValuesArgs:
    """What the named values depend on."""

    service: ServicePlace
    """The API Management service."""
    environment: str
    """The environment's name."""
    foundation: FoundationOutputs
    """Names the Key Vault, and the identity that reads it."""


class NamedValues(pulumi.ComponentResource):
    """A plain value, and a reference to a secret that an operator set in Key Vault."""

    names: pulumi.Output[list[str]]
    """The names, once the values exist."""

    def __init__(self, name: str, args: NamedValuesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the named values.

        The service reads the secret at once, so it must be in the vault before.
        """
        super().__init__("model-gateway:platform:NamedValues", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        environment = apimanagement.NamedValue(
            f"{name}-{ENVIRONMENT}",
            apimanagement.NamedValueArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                named_value_id=ENVIRONMENT,
                display_name=ENVIRONMENT,
                value=args.environment,
                secret=False,
            ),
            opts=child,
        )
        backend_secret = apimanagement.NamedValue(
            f"{name}-{BACKEND_SECRET}",
            apimanagement.NamedValueArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                named_value_id=BACKEND_SECRET,
                display_name=BACKEND_SECRET,
                key_vault=apimanagement.KeyVaultContractCreatePropertiesArgs(
                    # Without a version the service follows the secret when it is renewed.
                    secret_identifier=pulumi.Output.concat(
                        args.foundation.vault_uri, "secrets/", BACKEND_SECRET
                    ),
                    identity_client_id=args.foundation.gateway_identity_client_id,
                ),
                secret=True,
            ),
            opts=child,
        )
        self.names = pulumi.Output.all(environment.name, backend_secret.name).apply(list)
        self.register_outputs({"names": self.names})
