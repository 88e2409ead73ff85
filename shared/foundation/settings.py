"""The settings of the foundation, `stacks/foundation/Pulumi.<environment>.yaml`."""

from ipaddress import IPv4Network
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.azure.network import SUBNET_RULES, SubnetPurpose
from shared.documents import Section
from shared.settings import Flag, Ownership, Whole


def _network(value: object) -> IPv4Network:
    if isinstance(value, str) and "/" in value:
        try:
            return IPv4Network(value)
        except ValueError:
            pass
    raise ValueError(
        "a network is an address whose host bits are zero, and the length of its prefix, as in 10.10.0.0/22."
    )


Network = Annotated[IPv4Network, BeforeValidator(_network)]
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
        subnet, space = self.api_management_subnet, self.address_space
        if not subnet.subnet_of(space):
            raise ValueError(
                f"apiManagementSubnet {subnet} is not within addressSpace {space}. Choose a part of it."
            )
        longest = SUBNET_RULES[self.subnet_purpose].longest_prefix
        if subnet.prefixlen > longest:
            raise ValueError(
                f"apiManagementSubnet {subnet} is too small for {self.subnet_purpose}. Choose a /{longest} or larger."
            )
        return self


class VaultSettings(Section):
    """The Key Vault."""

    purge_protection: Flag = Field(description="true or false; once true, Azure never lets it become false")
    soft_delete_retention_days: Whole = Field(ge=7, le=90, description="a whole number of days from 7 to 90")


class FoundationSettings(Ownership):
    """Everything that may differ between the foundations of two environments."""

    network: NetworkSettings = Field(
        description="a map with addressSpace, apiManagementSubnet and subnetPurpose"
    )
    vault: VaultSettings = Field(description="a map with purgeProtection and softDeleteRetentionDays")
    log_retention_days: Whole = Field(ge=30, le=730, description="a whole number of days from 30 to 730")
    protect: Flag = Field(
        description="true where Pulumi must refuse to delete the vault and the logs, else false"
    )
