"""The Key Vault that holds the secrets of an environment."""

from dataclasses import dataclass
from typing import cast

import pulumi
from pulumi_azure_native import keyvault

from shared.foundation.settings import VaultSettings
from shared.place import Place


@dataclass(frozen=True)
class VaultArgs:
    """What the vault depends on."""

    place: Place
    """Group, region and tags."""
    vault_name: str
    """The vault's name, unique in all of Azure."""
    tenant_id: str
    """The Microsoft Entra tenant whose identities may be given roles on the vault."""
    settings: VaultSettings
    """Protection and retention of the vault."""
    protect: bool
    """Whether Pulumi refuses to delete the vault."""


class Vault(pulumi.ComponentResource):
    """Where an environment's secrets are kept. Who may read or set them is a matter of roles alone (ADR 0007)."""

    vault_id: pulumi.Output[str]
    """The vault's resource id."""
    vault_name: pulumi.Output[str]
    """The vault's name."""
    vault_uri: pulumi.Output[str]
    """The vault's address, with a slash at its end."""

    def __init__(self, name: str, args: VaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the vault. Secrets in it are set by operators, never by a program."""
        super().__init__("model-gateway:foundation:Vault", name, None, opts)
        vault = keyvault.Vault(
            f"{name}-vault",
            keyvault.VaultArgs(
                resource_group_name=args.place.resource_group_name,
                vault_name=args.vault_name,
                location=args.place.location,
                properties=keyvault.VaultPropertiesArgs(
                    tenant_id=args.tenant_id,
                    sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
                    enable_rbac_authorization=True,
                    enable_soft_delete=True,
                    soft_delete_retention_in_days=args.settings.soft_delete_retention_days,
                    # Azure refuses the value False: a vault without purge protection leaves it unsaid.
                    enable_purge_protection=True if args.settings.purge_protection else None,
                ),
                tags=args.place.tags,
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.vault_id = vault.id
        self.vault_name = vault.name
        self.vault_uri = vault.properties.apply(_uri)
        self.register_outputs(
            {"vault_id": self.vault_id, "vault_name": self.vault_name, "vault_uri": self.vault_uri}
        )


def _uri(properties: keyvault.outputs.VaultPropertiesResponse) -> pulumi.Output[str]:
    """Return the vault's address, which a preview does not know although it knows other properties."""
    return pulumi.Output.from_input(properties.vault_uri or cast("str", pulumi.UNKNOWN))
