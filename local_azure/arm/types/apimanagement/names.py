"""Full names of API Management's types of resource, as ids and error messages spell them."""

from typing import Final

SERVICE: Final = "Microsoft.ApiManagement/service"
API: Final = f"{SERVICE}/apis"
API_POLICY: Final = f"{API}/policies"
API_SCHEMA: Final = f"{API}/schemas"
OPERATION: Final = f"{API}/operations"
OPERATION_POLICY: Final = f"{OPERATION}/policies"
VERSION_SET: Final = f"{SERVICE}/apiVersionSets"
BACKEND: Final = f"{SERVICE}/backends"
DIAGNOSTIC: Final = f"{SERVICE}/diagnostics"
GROUP: Final = f"{SERVICE}/groups"
LOGGER: Final = f"{SERVICE}/loggers"
NAMED_VALUE: Final = f"{SERVICE}/namedValues"
POLICY: Final = f"{SERVICE}/policies"
POLICY_FRAGMENT: Final = f"{SERVICE}/policyFragments"
PRODUCT: Final = f"{SERVICE}/products"
PRODUCT_POLICY: Final = f"{PRODUCT}/policies"
PRODUCT_API: Final = f"{PRODUCT}/apis"
PRODUCT_GROUP: Final = f"{PRODUCT}/groups"
API_LINK: Final = f"{PRODUCT}/apiLinks"
GROUP_LINK: Final = f"{PRODUCT}/groupLinks"
SUBSCRIPTION: Final = f"{SERVICE}/subscriptions"

VERSIONS: Final = ("2024-05-01",)
"""The api-version whose shapes are kept here."""
