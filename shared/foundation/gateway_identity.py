"""The identity that the gateway acts as, with the role that its references to Key Vault need."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import managedidentity

from shared.azure.roles import KEY_VAULT_SECRETS_USER
from shared.place import Place
from shared.role_assignment import RoleAssignmentArgs, assign


@dataclass(frozen=True)
class GatewayIdentityArgs:
    """What the identity depends on."""

    place: Place
    """Group, region and tags."""
    identity_name: str
    """The identity's name."""
    subscription_id: str
    """The subscription in whose terms the role is named."""
    vault_id: pulumi.Input[str]
    """The vault whose secrets the gateway reads."""


class GatewayIdentity(pulumi.ComponentResource):
    """A user-assigned identity: its roles are in force before the gateway starts."""

    identity_id: pulumi.Output[str]
    """The identity's resource id."""
    client_id: pulumi.Output[str]
    """The client id, by which API Management's settings name the identity."""
    principal_id: pulumi.Output[str]
    """The principal id, by which role assignments name the identity."""

    def __init__(
        self, name: str, args: GatewayIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the identity and its role on the vault."""
        super().__init__("model-gateway:foundation:GatewayIdentity", name, None, opts)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            # Not through its Args class: that one passes on `resource_name`, which is also the first parameter's name.
            resource_group_name=args.place.resource_group_name,
            resource_name_=args.identity_name,
            location=args.place.location,
            tags=args.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        secrets_user = assign(
            f"{name}-secrets-user",
            RoleAssignmentArgs(
                scope=args.vault_id,
                role=KEY_VAULT_SECRETS_USER,
                principal_id=identity.principal_id,
                subscription_id=args.subscription_id,
                description="The gateway reads the secrets that its named values refer to.",
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # A reader of these outputs may use the identity at once, so they wait for its role.
        self.identity_id = pulumi.Output.all(identity.id, secrets_user.id).apply(lambda ids: str(ids[0]))
        self.client_id = identity.client_id
        self.principal_id = identity.principal_id
        self.register_outputs(
            {"identity_id": self.identity_id, "client_id": self.client_id, "principal_id": self.principal_id}
        )
