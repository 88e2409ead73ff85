"""What each tier of API Management can do, as far as settings may ask for it.

Sources: "Feature-based comparison of the Azure API Management tiers" and "Use a virtual network to secure
inbound or outbound traffic for Azure API Management".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.azure.network import SubnetPurpose
from shared.azure.skus import Sku


class VirtualNetworkMode(StrEnum):
    """How a service uses its virtual network, in the words of the property `virtualNetworkType`."""

    NONE = "None"
    """Not at all."""
    EXTERNAL = "External"
    """Classic: in the subnet, with a public gateway. v2: outbound traffic through the subnet."""
    INTERNAL = "Internal"
    """In the subnet, with a private gateway."""


@dataclass(frozen=True)
class Capability:
    """What one tier can do."""

    most_units: int | None
    """Units that the service can have; None where Azure scales by itself and ARM takes the capacity 0."""
    networks: Mapping[VirtualNetworkMode, SubnetPurpose] = field(default_factory=dict)
    """The ways to use a virtual network, beside None, each with the purpose that the subnet must have."""
    most_units_is_certain: bool = True
    """Whether Microsoft's pages agree on the units; where they do not, more units are a warning."""
    has_circuit_breakers: bool = True
    """Whether backends can have one. Page: learn.microsoft.com/azure/api-management/backends (circuit breaker)."""


_CLASSIC_INJECTION = {
    VirtualNetworkMode.EXTERNAL: SubnetPurpose.CLASSIC,
    VirtualNetworkMode.INTERNAL: SubnetPurpose.CLASSIC,
}
_INTEGRATION = {VirtualNetworkMode.EXTERNAL: SubnetPurpose.INTEGRATION}

CAPABILITIES: Mapping[Sku, Capability] = {
    Sku.CONSUMPTION: Capability(most_units=None, has_circuit_breakers=False),
    Sku.DEVELOPER: Capability(1, _CLASSIC_INJECTION),
    Sku.BASIC: Capability(2),
    Sku.STANDARD: Capability(4),
    Sku.PREMIUM: Capability(12, _CLASSIC_INJECTION, most_units_is_certain=False),
    Sku.BASIC_V2: Capability(10),
    Sku.STANDARD_V2: Capability(10, _INTEGRATION),
    Sku.PREMIUM_V2: Capability(30, {**_INTEGRATION, VirtualNetworkMode.INTERNAL: SubnetPurpose.INJECTION}),
}
