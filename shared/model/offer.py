"""Who may call an API: subscribers of its products, and smoke tests. And under which tags it is found."""

from collections.abc import Iterable

import pulumi
from pulumi_azure_native import apimanagement

from shared.model.chain import Chain
from shared.place import ServicePlace


def link_products(
    name: str, service: ServicePlace, api_id: pulumi.Input[str], products: Iterable[str], chain: Chain
) -> None:
    """Register the API with each product, whose subscribers may then call it within the product's limits."""
    for product in products:
        chain.add(
            apimanagement.ProductApiLink(
                f"{name}-{product}-link",
                apimanagement.ProductApiLinkArgs(
                    resource_group_name=service.resource_group_name,
                    service_name=service.service_name,
                    product_id=product,
                    api_link_id=name,
                    api_id=api_id,
                ),
                opts=chain.next(),
            )
        )


def link_tags(
    name: str, service: ServicePlace, api_id: pulumi.Input[str], tags: Iterable[str], chain: Chain
) -> None:
    """Register the API under each tag of the platform."""
    for tag in tags:
        chain.add(
            apimanagement.TagApiLink(
                f"{name}-{tag}-tag",
                apimanagement.TagApiLinkArgs(
                    resource_group_name=service.resource_group_name,
                    service_name=service.service_name,
                    tag_id=tag,
                    api_link_id=name,
                    api_id=api_id,
                ),
                opts=chain.next(),
            )
        )


def subscribe_smoke_tests(
    name: str, service: ServicePlace, api_id: pulumi.Input[str], chain: Chain
) -> apimanagement.Subscription:
    """Register a subscription to this API alone. The service makes its keys; no program asks for them.

    A replacement (`pulumi up --replace`) gives new keys; its name is fixed, so the old one goes first.
    """
    subscription = apimanagement.Subscription(
        f"{name}-smoke-subscription",
        apimanagement.SubscriptionArgs(
            resource_group_name=service.resource_group_name,
            service_name=service.service_name,
            sid=f"smoke-{name}",
            display_name=f"Smoke tests of {name}",
            scope=api_id,
            state=apimanagement.SubscriptionState.ACTIVE,
            allow_tracing=False,
        ),
        opts=pulumi.ResourceOptions.merge(chain.next(), pulumi.ResourceOptions(delete_before_replace=True)),
    )
    chain.add(subscription)
    return subscription
