"""The settings of the foundation, `stacks/foundation/Pulumi.<environment>.yaml`."""

from ipaddress import IPv4Network
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.azure.network import SUBNET_RULES, SubnetPurpose
from shared.documents import Section
from shared.settings import Ownership

Network = Annotated[IPv4Network, BeforeValidator(IPv4Network)]
"""A network in CIDR notation whose host bits are zero."""


class NetworkSettings(Section):
    """The virtual network and the one subnet in it."""

    address_space: Network = Field(description="a network in CIDR notation, such as 10.10.0.0/22")
    api_management_subnet: Network = Field(
        description="a network in CIDR notation within addressSpace, such as 10.10.0.0/24"
    )
    subnet_purpose: SubnetPurpose = Field(description=f"one of {', '.join(SubnetPurpose)}")

    @model_validator(mode="after")
    def _subnet_fits(self) -> Self:
        if not self.api_management_subnet.subnet_of(self.address_space):
            raise ValueError(
                f"apiManagementSubnet {self.api_management_subnet} is not within addressSpace "
                f"{self.address_space}. "
                "Choose a part of it."
            )
        longest = SUBNET_RULES[self.subnet_purpose].longest_prefix
        if self.api_management_subnet.prefixlen > longest:
            raise ValueError(
                f"apiManagementSubnet {self.api_management_subnet} is too small: the purpose "
                f"{self.subnet_purpose} "
                f"needs at least a /{longest}."
            )
        return self


class VaultSettings(Section):
    """The Key Vault."""

    purge_protection: bool = Field(description="true or false; once true, Azure never lets it become false")
    soft_delete_retention_days: int = Field(ge=7, le=90, description="a whole number of days from 7 to 90")
    restrict_network: bool = Field(
        description="true when only API Management's subnet and allowedAddresses may reach the vault"
    )
    allowed_addresses: tuple[Network, ...] = Field(
        default=(), description="a list of networks in CIDR notation from which operators set secrets"
    )


class FoundationSettings(Ownership):
    """Everything that may differ between the foundations of two environments."""

    network: NetworkSettings = Field(
        description="a map with addressSpace, apiManagementSubnet and subnetPurpose"
    )
    vault: VaultSettings = Field(
        description="a map with purgeProtection, softDeleteRetentionDays and restrictNetwork"
    )
    log_retention_days: int = Field(ge=30, le=730, description="a whole number of days from 30 to 730")
    protect: bool = Field(
        description="true where Pulumi must refuse to delete the vault and the logs, else false"
    )
