"""A product: what consumers subscribe to, with the limits of each subscription."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement

from shared.place import ServicePlace
from shared.platform.settings import ProductSettings
from shared.policies import PolicyContentFormat


@dataclass(frozen=True)
class ProductArgs:
    """What a product depends on."""

    service: ServicePlace
    """The API Management service."""
    deleted_with: pulumi.Resource
    """The same service, as a resource."""
    product_id: str
    """The product's identifier, which models name in model.yaml."""
    settings: ProductSettings
    """Its texts."""
    policy: str
    """Its policy, with its limits, as `rawxml`."""
    group_id: pulumi.Input[str]
    """The resource id of the group whose members may subscribe."""
    protect: bool
    """Whether Pulumi refuses to delete the product."""


class Product(pulumi.ComponentResource):
    """A product with its policy, open to one group."""

    product_id: pulumi.Output[str]
    """The product's resource id."""

    def __init__(self, name: str, args: ProductArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the product, its policy and the link to the group.

        API Management refuses to delete a product that has subscriptions, and each has one of the
        administrator from its beginning, so with the service it goes without being asked.
        """
        super().__init__("model-gateway:platform:Product", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, deleted_with=args.deleted_with)
        product = apimanagement.Product(
            f"{name}-product",
            apimanagement.ProductArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                product_id=args.product_id,
                display_name=args.settings.display_name,
                description=args.settings.description,
                subscription_required=True,
                approval_required=args.settings.approval_required,
                state=apimanagement.ProductState.PUBLISHED,
            ),
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=args.protect)),
        )
        policy = apimanagement.ProductPolicy(
            f"{name}-policy",
            apimanagement.ProductPolicyArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                product_id=product.name,
                policy_id="policy",
                format=PolicyContentFormat.RAWXML.value,
                value=args.policy,
            ),
            opts=child,
        )
        # Nobody may subscribe before the limits are in force.
        apimanagement.ProductGroupLink(
            f"{name}-group-link",
            apimanagement.ProductGroupLinkArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                product_id=product.name,
                group_link_id=f"{args.product_id}-consumers",
                group_id=args.group_id,
            ),
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy])),
        )
        self.product_id = product.id
        self.register_outputs({"product_id": self.product_id})
