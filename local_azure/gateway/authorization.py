"""Subscription keys: which subscription a key belongs to, and whether it opens the API.

https://learn.microsoft.com/azure/api-management/api-management-subscriptions
"""

from dataclasses import dataclass

from local_azure.gateway.configuration import Api, Product, Service, Subscription
from local_azure.gateway.errors import GatewayError
from local_azure.gateway.messages import Request

UNAUTHORIZED = 401
MISSING = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to this API."
)
INVALID = (
    "Access denied due to invalid subscription key. "
    "Make sure to provide a valid key for an active subscription."
)


@dataclass(frozen=True, slots=True)
class Access:
    """How a request may use an API: with which subscription, in which product's context."""

    subscription: Subscription | None
    product: Product | None


class Keys:
    """The subscriptions of one service by key, and its products by the API they hold."""

    def __init__(self, service: Service) -> None:
        """Index the subscriptions by both keys, the products by name and by API."""
        self._subscriptions = {
            key: subscription
            for subscription in service.subscriptions
            for key in (subscription.primary_key, subscription.secondary_key)
            if key
        }
        self._products = {product.name.lower(): product for product in service.products}
        self._open = {
            name.lower(): product
            for product in service.products
            if not product.subscription_required
            for name in product.api_names
        }

    def authorize(self, api: Api, request: Request) -> Access:
        """Return the access that the request's key gives, or that needs no key.

        The header counts; the query parameter only when there is no header. Raises `GatewayError` 401.
        """
        key = request.headers.get(api.key_header) or request.url.query_value(api.key_query)
        if not key:
            return self._anonymous(api, request)
        subscription = self._subscriptions.get(key)
        if subscription is None or subscription.state.lower() != "active":
            raise _denied("SubscriptionKeyInvalid", INVALID, api, request)
        kind, name = scope_of(subscription.scope)
        product = self._products.get(name) if kind == "products" else None
        # "Scope of subscriptions" on the page above: all APIs, one API, or the APIs of one product. A key for
        # everything, or for an API, opens it outside of any product: no product's policies run.
        opens = kind == "service" or (kind == "apis" and name in ("", api.id.lower()))
        if not (opens or (product is not None and product.holds(api))):
            raise _denied("SubscriptionKeyInvalid", INVALID, api, request)
        return Access(subscription, product)

    def _anonymous(self, api: Api, request: Request) -> Access:
        product = self._open.get(api.id.lower())
        if product is None and api.subscription_required:
            raise _denied("SubscriptionKeyNotFound", MISSING, api, request)
        return Access(None, product)


def scope_of(scope: str) -> tuple[str, str]:
    """Return a scope's kind (`apis`, `products`, `service`, else none) and the entity's name in lower case.

    The name is empty when the scope is all of the kind.
    """
    match scope.lower().strip("/").split("/"):
        case [("apis" | "products") as kind, name]:
            return kind, name
        case ["apis"]:
            return "apis", ""
        case [""]:
            return "service", ""
        case _:
            return "", ""


def _denied(reason: str, message: str, api: Api, request: Request) -> GatewayError:
    url = request.original_url
    realm = f"{url.scheme}://{request.host}/{api.path.strip('/')}"
    challenge = f'AzureApiManagementKey realm="{realm}",name="{api.key_header}",type="header"'
    return GatewayError(
        UNAUTHORIZED, reason, message, source="authorization", headers=(("WWW-Authenticate", challenge),)
    )
