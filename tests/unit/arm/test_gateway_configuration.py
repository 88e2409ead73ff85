"""From resources to what the gateway executes."""

import logging

import pytest

from local_azure.arm.gateway_configuration import GatewayConfiguration, services
from local_azure.arm.json_values import JsonObject
from local_azure.gateway.configuration import Backend, Operation, Representation, Response, Service
from tests.unit.arm.local_arm import SERVICE, LocalArm

API = f"{SERVICE}/apis/iris-v1"
PRODUCT = f"{SERVICE}/products/standard"
POLICY = "<policies><inbound><base /></inbound></policies>"
ESCAPED = '<policies><inbound><set-variable name="q" value="@(&quot;a&quot;)" /></inbound></policies>'


def _policy(value: str, policy_format: str) -> JsonObject:
    return {"properties": {"value": value, "format": policy_format}}


def _deploy(arm: LocalArm) -> Service:
    version_set: JsonObject = {
        "properties": {"displayName": "Iris", "versioningScheme": "Header", "versionHeaderName": "x-version"}
    }
    arm.put(f"{SERVICE}/apiVersionSets/iris", version_set)
    arm.put(
        f"{SERVICE}/backends/iris", {"properties": {"url": "https://a.contoso.example", "protocol": "http"}}
    )
    api: JsonObject = {
        "path": "iris",
        "displayName": "Iris",
        "apiVersion": "v1",
        "apiVersionSetId": "/apiVersionSets/iris",
        "serviceUrl": "https://b.contoso.example",
        "subscriptionRequired": False,
        "subscriptionKeyParameterNames": {"header": "x-key", "query": "key"},
    }
    arm.put(API, {"properties": api})
    schema: JsonObject = {
        "contentType": "application/json",
        "document": {"components": {"schemas": {"R": {}}}},
    }
    arm.put(f"{API}/schemas/components", {"properties": schema})
    representation: JsonObject = {
        "contentType": "application/json",
        "schemaId": "components",
        "typeName": "R",
    }
    operation: JsonObject = {
        "displayName": "Predict",
        "method": "POST",
        "urlTemplate": "/predict",
        "request": {"representations": [representation]},
        "responses": [{"statusCode": 200, "representations": [representation]}, {"statusCode": 400}],
    }
    arm.put(f"{API}/operations/predict", {"properties": operation})
    arm.put(f"{SERVICE}/policies/policy", _policy(POLICY, "rawxml"))
    arm.put(f"{API}/policies/policy", _policy(ESCAPED, "xml"))
    arm.put(PRODUCT, {"properties": {"displayName": "Standard", "state": "published"}})
    arm.put(f"{PRODUCT}/apiLinks/iris", {"properties": {"apiId": API}})
    keys: JsonObject = {
        "displayName": "Smoke",
        "scope": "/apis/iris-v1",
        "primaryKey": "p",
        "secondaryKey": "s",
    }
    arm.put(f"{SERVICE}/subscriptions/smoke", {"properties": keys | {"state": "active"}})
    arm.put(f"{SERVICE}/namedValues/limit", {"properties": {"displayName": "Limit", "value": "10"}})
    (service,) = services(arm.store)
    return service


def test_the_service_carries_backends_and_named_values(arm: LocalArm) -> None:
    service = _deploy(arm)
    assert (service.name, service.policy) == ("apim-contoso", POLICY)
    assert service.backends == (Backend("iris", "https://a.contoso.example"),)
    assert service.named_values == {"Limit": "10"}


def test_an_api_carries_its_version_keys_and_schemas(arm: LocalArm) -> None:
    (api,) = _deploy(arm).apis
    assert (api.name, api.path, api.service_url) == ("iris-v1", "iris", "https://b.contoso.example")
    assert (api.version, api.version_scheme, api.version_name) == ("v1", "Header", "x-version")
    assert (api.subscription_required, api.key_header, api.key_query) == (False, "x-key", "key")
    assert api.schemas == {"components": {"components": {"schemas": {"R": {}}}}}


def test_a_policy_written_as_xml_reaches_the_gateway_unescaped(arm: LocalArm) -> None:
    (api,) = _deploy(arm).apis
    assert api.policy is not None
    assert '@("a")' in api.policy


def test_an_operation_carries_its_representations(arm: LocalArm) -> None:
    (api,) = _deploy(arm).apis
    representations = (Representation("application/json", "components", "R"),)
    assert api.operations == (
        Operation(
            "predict",
            "POST",
            "/predict",
            None,
            representations,
            (Response(200, representations), Response(400)),
            "Predict",
        ),
    )


def test_products_and_subscriptions_name_their_apis(arm: LocalArm) -> None:
    service = _deploy(arm)
    (product,) = service.products
    assert (product.name, product.state, product.api_names) == (
        "standard",
        "published",
        frozenset({"iris-v1"}),
    )
    (subscription,) = service.subscriptions
    assert (subscription.scope, subscription.state) == (API, "active")
    assert (subscription.primary_key, subscription.secondary_key) == ("p", "s")


def test_services_are_compiled_again_only_after_a_change(arm: LocalArm) -> None:
    _deploy(arm)
    configuration = GatewayConfiguration(arm.store)
    first = configuration.current()
    assert configuration.current() is first
    arm.put(f"{SERVICE}/namedValues/limit", {"properties": {"displayName": "Limit", "value": "11"}})
    assert configuration.current()["apim-contoso"].service.named_values == {"Limit": "11"}


def test_a_deleted_service_is_served_no_longer(arm: LocalArm) -> None:
    configuration = GatewayConfiguration(arm.store)
    assert list(configuration.current()) == ["apim-contoso"]
    arm.send("DELETE", SERVICE)
    assert configuration.current() == {}


def test_a_named_value_that_breaks_a_policy_leaves_what_ran_before(
    arm: LocalArm, caplog: pytest.LogCaptureFixture
) -> None:
    limit = f"{SERVICE}/namedValues/limit"
    arm.put(limit, {"properties": {"displayName": "Limit", "value": "10"}})
    statement = '<rate-limit-by-key calls="{{Limit}}" renewal-period="60" counter-key="all" />'
    document = f"<policies><inbound>{statement}</inbound></policies>"
    arm.put(f"{SERVICE}/policies/policy", _policy(document, "rawxml"))
    configuration = GatewayConfiguration(arm.store)
    before = configuration.current()["apim-contoso"]
    arm.put(limit, {"properties": {"displayName": "Limit", "value": "many"}})
    with caplog.at_level(logging.ERROR):
        assert configuration.current()["apim-contoso"] is before
    assert "The gateway of 'apim-contoso' keeps its last configuration" in caplog.text
