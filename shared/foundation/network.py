"""The virtual network, with a subnet and a network security group for API Management."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from shared.azure.network import SUBNET_RULES, TRAFFIC, Traffic
from shared.foundation.settings import NetworkSettings
from shared.naming import Names
from shared.place import Place

_FIRST_PRIORITY = 100
_PRIORITY_STEP = 10


@dataclass(frozen=True)
class NetworkArgs:
    """What the network of an environment depends on."""

    place: Place
    """Group, region and tags."""
    names: Names
    """Names of the network, the subnet and the security group."""
    settings: NetworkSettings
    """Addresses, and how API Management uses the subnet."""


class Network(pulumi.ComponentResource):
    """The network that the gateway of an environment lives in, or sends its traffic through."""

    subnet_id: pulumi.Output[str]
    """The resource id of API Management's subnet, once its security group is in place."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the network, the security group and the subnet."""
        super().__init__("model-gateway:foundation:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        security_group = network.NetworkSecurityGroup(
            f"{name}-security-group",
            network.NetworkSecurityGroupInitArgs(
                resource_group_name=args.place.resource_group_name,
                network_security_group_name=args.names.api_management_security_group,
                location=args.place.location,
                security_rules=security_rules(TRAFFIC[args.settings.subnet_purpose]),
                tags=args.place.tags,
            ),
            opts=child,
        )
        virtual_network = network.VirtualNetwork(
            f"{name}-virtual-network",
            network.VirtualNetworkInitArgs(
                resource_group_name=args.place.resource_group_name,
                virtual_network_name=args.names.virtual_network,
                location=args.place.location,
                address_space=network.AddressSpaceArgs(address_prefixes=[str(args.settings.address_space)]),
                tags=args.place.tags,
            ),
            opts=child,
        )
        subnet = network.Subnet(
            f"{name}-subnet",
            network.SubnetInitArgs(
                resource_group_name=args.place.resource_group_name,
                virtual_network_name=virtual_network.name,
                subnet_name=args.names.api_management_subnet,
                address_prefix=str(args.settings.api_management_subnet),
                network_security_group=network.NetworkSecurityGroupArgs(id=security_group.id),
                # Microsoft asks for it wherever a service in a network reads a Key Vault.
                service_endpoints=[network.ServiceEndpointPropertiesFormatArgs(service="Microsoft.KeyVault")],
                delegations=_delegations(SUBNET_RULES[args.settings.subnet_purpose].delegation),
            ),
            opts=child,
        )
        self.subnet_id = subnet.id
        self.register_outputs({"subnet_id": self.subnet_id})


def security_rules(traffic: Sequence[Traffic]) -> list[network.SecurityRuleArgs]:
    """Return the rules of a network security group that allow this traffic, first things first."""
    return [
        network.SecurityRuleArgs(
            name=flow.name,
            priority=_FIRST_PRIORITY + position * _PRIORITY_STEP,
            direction=flow.direction,
            access=network.SecurityRuleAccess.ALLOW,
            protocol=network.SecurityRuleProtocol.TCP,
            source_address_prefix=flow.source,
            source_port_range="*",
            destination_address_prefix=flow.destination,
            destination_port_ranges=list(flow.ports),
        )
        for position, flow in enumerate(traffic)
    ]


def _delegations(service: str | None) -> list[network.DelegationArgs] | None:
    return None if service is None else [network.DelegationArgs(name="api-management", service_name=service)]
