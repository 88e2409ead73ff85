"""The policies of the platform: one for all APIs, and one for each product."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.platform.headers import GATEWAY_SECRET_HEADER
from shared.platform.settings import PlatformSettings, ProductSettings
from shared.policies import (
    Base,
    ForwardRequest,
    PolicyDocument,
    Quota,
    RateLimit,
    Scope,
    SetHeader,
    check,
    render,
)

BACKEND_TIMEOUT = 60
"""Seconds that the gateway waits for a model."""

_TELLTALE_HEADERS = ("X-Powered-By", "X-AspNet-Version")
"""Response headers that tell strangers what a backend runs on."""

_SERVER = "model-gateway"
"""What every response calls its server: API Management can override this header, but not delete it."""


def global_policy() -> PolicyDocument:
    """Return the policy of every call: no word of the gateway comes in, no detail of a server goes out."""
    return PolicyDocument(
        inbound=(SetHeader(GATEWAY_SECRET_HEADER, exists_action="delete"),),
        backend=(ForwardRequest(timeout=BACKEND_TIMEOUT),),
        outbound=(
            SetHeader("Server", (_SERVER,)),
            *(SetHeader(header, exists_action="delete") for header in _TELLTALE_HEADERS),
        ),
        on_error=(),
    )


def product_policy(product: ProductSettings) -> PolicyDocument:
    """Return the policy of a product: its rate and its quota, counted for each subscription."""
    return PolicyDocument(
        inbound=(
            Base(),
            RateLimit(calls=product.rate.calls, renewal_period=product.rate.renewal_period),
            Quota(calls=product.quota.calls, renewal_period=product.quota.renewal_period),
        ),
        backend=(Base(),),
        outbound=(Base(),),
        on_error=(Base(),),
    )


@dataclass(frozen=True)
class PlatformPolicies:
    """The text of each policy, in the format `rawxml`."""

    every_call: str
    """The global policy."""
    products: Mapping[str, str]
    """The policy of each product."""


def compiled(settings: PlatformSettings) -> PlatformPolicies:
    """Return the policies that settings ask for.

    Raises PolicyError for what the tier of the service cannot run.
    """
    sku = settings.service.sku
    documents = {name: product_policy(product) for name, product in settings.products.items()}
    check(global_policy(), Scope.GLOBAL, sku)
    for document in documents.values():
        check(document, Scope.PRODUCT, sku)
    return PlatformPolicies(
        every_call=render(global_policy()),
        products={name: render(document) for name, document in documents.items()},
    )
