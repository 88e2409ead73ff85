"""What API Management asks of the subnet that it lives in, or sends its traffic through.

Sources: "Virtual network configuration reference: API Management" (classic tiers), "Integrate an Azure API
Management instance with a private virtual network for outbound connections" and "Inject an Azure API
Management instance in a private virtual network - Premium v2 tier" (v2 tiers).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Direction = Literal["Inbound", "Outbound"]


class SubnetPurpose(StrEnum):
    """How API Management uses a subnet. The ways cannot be exchanged afterwards: a subnet serves one."""

    CLASSIC = "classic"
    """A classic tier (Developer, Premium) is deployed into the subnet."""
    INTEGRATION = "integration"
    """A v2 tier (Standard v2, Premium v2) sends its traffic to backends through the subnet."""
    INJECTION = "injection"
    """Premium v2 is deployed into the subnet; possible only when the service is created."""


@dataclass(frozen=True)
class SubnetRule:
    """What a subnet must be for one purpose."""

    longest_prefix: int
    """The smallest network allowed, as the number after the slash."""
    delegation: str | None
    """The service that the subnet must be delegated to; None where it must not be delegated."""


SUBNET_RULES = {
    SubnetPurpose.CLASSIC: SubnetRule(29, None),
    SubnetPurpose.INTEGRATION: SubnetRule(27, "Microsoft.Web/serverFarms"),
    SubnetPurpose.INJECTION: SubnetRule(27, "Microsoft.Web/hostingEnvironments"),
}


@dataclass(frozen=True)
class Traffic:
    """One rule of a network security group that allows traffic over TCP."""

    name: str
    """The rule's name and, in words, its purpose."""
    direction: Direction
    source: str
    """An address prefix or service tag."""
    destination: str
    """An address prefix or service tag."""
    ports: tuple[str, ...]
    """Destination ports."""


_CLIENTS = Traffic("AllowClientsInbound", "Inbound", "Internet", "VirtualNetwork", ("443",))
_NEIGHBOURS = Traffic("AllowClientsInbound", "Inbound", "VirtualNetwork", "VirtualNetwork", ("443",))
_STORAGE = Traffic("AllowStorageOutbound", "Outbound", "VirtualNetwork", "Storage", ("443",))
_ENTRA = Traffic("AllowEntraOutbound", "Outbound", "VirtualNetwork", "AzureActiveDirectory", ("443",))
_KEY_VAULT = Traffic("AllowKeyVaultOutbound", "Outbound", "VirtualNetwork", "AzureKeyVault", ("443",))
_MONITOR = Traffic("AllowAzureMonitorOutbound", "Outbound", "VirtualNetwork", "AzureMonitor", ("443", "1886"))

TRAFFIC = {
    SubnetPurpose.CLASSIC: (
        _CLIENTS,
        Traffic("AllowManagementInbound", "Inbound", "ApiManagement", "VirtualNetwork", ("3443",)),
        Traffic("AllowLoadBalancerInbound", "Inbound", "AzureLoadBalancer", "VirtualNetwork", ("6390",)),
        _STORAGE,
        Traffic("AllowSqlOutbound", "Outbound", "VirtualNetwork", "Sql", ("1433",)),
        _ENTRA,
        _KEY_VAULT,
        _MONITOR,
    ),
    SubnetPurpose.INTEGRATION: (_STORAGE, _ENTRA, _KEY_VAULT, _MONITOR),
    # The gateway has a private address alone, so nobody outside the network can call it.
    SubnetPurpose.INJECTION: (_NEIGHBOURS, _STORAGE, _ENTRA, _KEY_VAULT, _MONITOR),
}
"""The traffic that a network security group of the subnet must allow, in the order of its priorities."""
