"""Subscription keys: https://learn.microsoft.com/azure/api-management/api-management-subscriptions."""

from dataclasses import replace

import pytest

from local_azure.gateway.configuration import Product, Service, Subscription
from tests.gateway.documents import KEY, PRODUCT_KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway, error

DENIED, KEY_WORDS = "Access denied due to", "subscription key. Make sure"
PATH = "/species/v1/ready"
MISSING = (401, f"{DENIED} missing {KEY_WORDS} to include subscription key when making requests to this API.")
INVALID = (401, f"{DENIED} invalid {KEY_WORDS} to provide a valid key for an active subscription.")


def with_subscription(url: str, **fields: str) -> Service:
    subscription = Subscription(**{"name": "one", "scope": "/apis", "primary_key": "k", **fields})
    return replace(service(url), subscriptions=(subscription,))


@pytest.mark.parametrize("key", [KEY, "second", PRODUCT_KEY])
def test_both_keys_of_a_subscription_open(gateway: Gateway, backend: Backend, key: str) -> None:
    gateway.deploy(service(backend.url))
    assert gateway.get(PATH, ocp_apim_subscription_key=key).status_code == 200
    assert gateway.get(f"{PATH}?subscription-key={key}").status_code == 200


def test_missing_key(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    response = gateway.get(PATH, host="contoso.azure-api.localhost:8080")
    assert error(response) == MISSING
    assert response.headers["www-authenticate"] == (
        'AzureApiManagementKey realm="http://contoso.azure-api.localhost:8080/species",'
        'name="Ocp-Apim-Subscription-Key",type="header"'
    )
    assert backend.received == []


def test_unknown_key(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    response = gateway.get(PATH, ocp_apim_subscription_key="wrong")
    assert error(response) == INVALID
    assert response.headers["www-authenticate"].startswith("AzureApiManagementKey realm=")
    assert backend.received == []


def test_query_counts_only_without_a_header(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    assert error(gateway.get(f"{PATH}?subscription-key={KEY}", ocp_apim_subscription_key="wrong")) == INVALID


@pytest.mark.parametrize("state", ["submitted", "suspended", "rejected", "cancelled", "expired"])
def test_key_of_an_inactive_subscription(gateway: Gateway, backend: Backend, state: str) -> None:
    gateway.deploy(with_subscription(backend.url, state=state))
    assert error(gateway.get(PATH, ocp_apim_subscription_key="k")) == INVALID


@pytest.mark.parametrize(
    ("scope", "opens"),
    [
        ("/apis", True),
        ("/apis/species-v1", True),
        ("/apis/Species-V1", True),
        ("/apis/other", False),
        ("/products/standard", True),
        ("/products/trial", False),
        ("/products/missing", False),
        ("/", True),
        ("/apis/", True),
        ("/apis/apis", False),
        ("/groups/species-v1", False),
        ("/products/trial/apis/species-v1", False),
    ],
)
def test_scope_of_a_key(gateway: Gateway, backend: Backend, scope: str, *, opens: bool) -> None:
    deployed = with_subscription(backend.url, scope=scope)
    gateway.deploy(replace(deployed, products=(*deployed.products, Product("trial"))))
    response = gateway.get(PATH, ocp_apim_subscription_key="k")
    assert response.status_code == 200 if opens else error(response) == INVALID


def test_api_without_required_subscription_is_open_but_refuses_a_wrong_key(
    gateway: Gateway, backend: Backend
) -> None:
    gateway.deploy(service(backend.url, subscription_required=False))
    assert gateway.get(PATH).status_code == 200
    assert error(gateway.get(PATH, ocp_apim_subscription_key="wrong")) == INVALID


def test_open_product_opens_its_apis_and_runs_its_policy(gateway: Gateway, backend: Backend) -> None:
    deployed = service(backend.url)
    marked = policy(inbound="<base />" + header("x-product", "@(context.Product.Id)"))
    opened = replace(deployed.products[0], subscription_required=False, policy=marked)
    gateway.deploy(replace(deployed, products=(opened,)))
    assert gateway.get(PATH).status_code == 200
    assert backend.last.values("x-product") == ["standard"]


def test_names_of_header_and_query_are_the_apis_own(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, key_header="X-Key", key_query="key"))
    assert gateway.get(PATH, x_key=KEY).status_code == 200
    assert gateway.get(f"{PATH}?key={KEY}").status_code == 200
    assert error(gateway.get(f"{PATH}?subscription-key={KEY}")) == MISSING
    assert 'name="X-Key"' in gateway.get(PATH, ocp_apim_subscription_key=KEY).headers["www-authenticate"]


def test_key_is_passed_on_to_the_backend_unless_a_policy_deletes_it(
    gateway: Gateway, backend: Backend
) -> None:
    gateway.deploy(service(backend.url))
    gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert backend.last.values("ocp-apim-subscription-key") == [KEY]
    delete = '<base /><set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />'
    gateway.deploy(service(backend.url, policy=policy(inbound=delete)))
    gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert backend.last.values("ocp-apim-subscription-key") == []


def test_keys_and_named_values_are_in_no_repr() -> None:
    deployed = replace(service("http://backend.example"), named_values={"model-secret": "hunter2"})
    shown = repr(deployed)
    assert KEY not in shown
    assert PRODUCT_KEY not in shown
    assert "hunter2" not in shown
