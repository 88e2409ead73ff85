"""The API Management service."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement

from shared.azure.capabilities import VirtualNetworkMode
from shared.layers import FoundationOutputs
from shared.place import Place
from shared.platform.settings import PlatformSettings


@dataclass(frozen=True)
class ServiceArgs:
    """What the service depends on."""

    place: Place
    """Group, region and tags."""
    service_name: str
    """The service's name, unique in all of Azure; it becomes a part of the gateway's address."""
    settings: PlatformSettings
    """Tier, units, network, publisher and protection, checked by shared.platform.preflight.

    A protected service cannot be deleted by Pulumi: every key and subscription would go with it.
    """
    foundation: FoundationOutputs
    """Names the subnet, for settings that ask for a network, and the identity of the gateway."""


class Service(pulumi.ComponentResource):
    """The gateway of an environment. In regions with availability zones Azure spreads its units over them."""

    service_name: pulumi.Output[str]
    """The service's name."""
    service_id: pulumi.Output[str]
    """The service's resource id."""
    gateway_url: pulumi.Output[str]
    """Where the gateway answers, without a slash at its end."""
    resource: pulumi.Resource
    """The service, for what is deleted with it."""

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the service. Azure takes up to 45 minutes to create one of a classic tier."""
        super().__init__("model-gateway:platform:Service", name, None, opts)
        in_network = args.settings.service.virtual_network is not VirtualNetworkMode.NONE
        service = apimanagement.ApiManagementService(
            f"{name}-service",
            apimanagement.ApiManagementServiceArgs(
                resource_group_name=args.place.resource_group_name,
                service_name=args.service_name,
                location=args.place.location,
                sku=apimanagement.ApiManagementServiceSkuPropertiesArgs(
                    name=args.settings.service.sku.value, capacity=args.settings.service.units
                ),
                publisher_name=args.settings.publisher.name,
                publisher_email=args.settings.publisher.email,
                identity=apimanagement.ApiManagementServiceIdentityArgs(
                    type=apimanagement.ApimIdentityType.USER_ASSIGNED,
                    user_assigned_identities=args.foundation.gateway_identity_id.apply(
                        lambda identity: {identity: apimanagement.UserIdentityPropertiesArgs()}
                    ),
                ),
                virtual_network_type=args.settings.service.virtual_network.value,
                virtual_network_configuration=apimanagement.VirtualNetworkConfigurationArgs(
                    subnet_resource_id=args.foundation.api_management_subnet_id
                )
                if in_network
                else None,
                tags=args.place.tags,
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=args.settings.protect),
        )
        self.service_name = service.name
        self.service_id = service.id
        self.gateway_url = service.gateway_url
        self.resource = service
        self.register_outputs(
            {
                "service_name": self.service_name,
                "service_id": self.service_id,
                "gateway_url": self.gateway_url,
            }
        )
