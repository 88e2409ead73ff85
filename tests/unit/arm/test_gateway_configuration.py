"""From resources to what the gateway executes."""

import logging

import pytest

from local_azure.arm import gateway_configuration
from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.json_values import JsonObject, text
from local_azure.gateway.compiler import CompiledService, Plan, compile_service
from local_azure.gateway.configuration import Backend, Operation, Representation, Response, Service
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, LocalArm

API = f"{SERVICE}/apis/iris-v1"
PRODUCT = f"{SERVICE}/products/standard"
POLICY = "<policies><inbound><base /></inbound></policies>"
LIMITED = (
    '<policies><inbound><rate-limit-by-key calls="{{Limit}}" renewal-period="60" counter-key="all" />'
    "</inbound></policies>"
)
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
    return _service(arm)


def _service(arm: LocalArm, name: str = "apim-contoso") -> Service:
    return GatewayConfiguration(arm.store).current()[name].service


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
    assert (product.name, product.api_names) == ("standard", frozenset({"iris-v1"}))
    by_scope = {subscription.scope: subscription for subscription in service.subscriptions}
    assert set(by_scope) == {"/apis/iris-v1", "/products/standard"}
    subscription = by_scope["/apis/iris-v1"]
    assert subscription.state == "active"
    assert (subscription.primary_key, subscription.secondary_key) == ("p", "s")


@pytest.mark.parametrize(("given", "scope"), [("/", "/"), ("/apis", "/apis")])
def test_a_scope_is_not_mistaken_for_the_name_of_a_service(arm: LocalArm, given: str, scope: str) -> None:
    named = f"{GROUP}/providers/Microsoft.ApiManagement/service/products"
    arm.put(named, SERVICE_BODY)
    arm.put(f"{named}/subscriptions/all", {"properties": {"displayName": "All", "scope": given}})
    (subscription,) = _service(arm, "products").subscriptions
    assert subscription.scope == scope


def test_services_are_compiled_again_only_after_a_change(arm: LocalArm) -> None:
    _deploy(arm)
    configuration = GatewayConfiguration(arm.store)
    first = configuration.current()
    assert configuration.current() is first
    arm.put(f"{SERVICE}/namedValues/limit", {"properties": {"displayName": "Limit", "value": "11"}})
    assert configuration.current()["apim-contoso"].service.named_values == {"Limit": "11"}


def test_many_writes_in_a_row_compile_once(arm: LocalArm, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def recording(service: Service) -> CompiledService:
        compiled.append(service.name)
        return compile_service(service)

    _deploy(arm)
    monkeypatch.setattr(gateway_configuration, "compile_service", recording)
    configuration = GatewayConfiguration(arm.store)
    for value in ("11", "12"):
        arm.put(f"{SERVICE}/namedValues/limit", {"properties": {"displayName": "Limit", "value": value}})
    assert not compiled
    configuration.current()
    configuration.current()
    assert compiled == ["apim-contoso"]


def test_a_deleted_service_is_served_no_longer(arm: LocalArm) -> None:
    configuration = GatewayConfiguration(arm.store)
    assert list(configuration.current()) == ["apim-contoso"]
    arm.send("DELETE", SERVICE)
    assert configuration.current() == {}


def test_a_policy_written_as_xml_may_hold_a_named_value_where_a_number_stands(arm: LocalArm) -> None:
    _deploy(arm)
    path = f"{API}/policies/policy"
    arm.put(path, {"properties": {"value": LIMITED}})
    assert text(arm.get(path, format="rawxml"), "properties", "value") == LIMITED
    (plan,) = _plans(GatewayConfiguration(arm.store))
    assert [step.element for step in plan.inbound] == ["rate-limit-by-key"]


def _plans(configuration: GatewayConfiguration) -> set[Plan]:
    return {*configuration.current()["apim-contoso"].plans.values()}


def test_a_defect_in_one_service_leaves_the_others(
    arm: LocalArm, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    arm.put(f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-fabrikam", SERVICE_BODY)

    def compile_one(service: Service) -> CompiledService:
        if service.name == "apim-contoso":
            raise ZeroDivisionError("a defect")
        return compile_service(service)

    monkeypatch.setattr(gateway_configuration, "compile_service", compile_one)
    assert list(GatewayConfiguration(arm.store).current()) == ["apim-fabrikam"]
    assert "ZeroDivisionError: a defect" in caplog.text


@pytest.mark.parametrize("secret", ["TOPSECRETVALUE", "abc"])
def test_a_secret_that_breaks_a_policy_is_told_by_its_name(
    arm: LocalArm, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    _deploy(arm)
    vault = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
    sku: JsonObject = {"family": "A", "name": "standard"}
    tenant = "00000000-0000-0000-0000-000000000000"
    arm.put(vault, PLACE | {"properties": {"tenantId": tenant, "sku": sku}})
    arm.put(f"{vault}/secrets/limit", {"properties": {"value": "10"}})
    reference = {"secretIdentifier": "https://kv-contoso.vault.azure.net/secrets/limit"}
    arm.put(
        f"{SERVICE}/namedValues/limit",
        {"properties": {"displayName": "Limit", "keyVault": {**reference}, "secret": True}},
    )
    arm.put(f"{API}/policies/policy", _policy(LIMITED, "rawxml"))
    arm.put(f"{vault}/secrets/limit", {"properties": {"value": secret}})
    with caplog.at_level(logging.ERROR):
        configuration = GatewayConfiguration(arm.store)
        configuration.current()
    assert secret not in caplog.text
    assert "A policy of the API 'iris-v1' cannot be run" in caplog.text
    assert "calls is '{{Limit}}'" in caplog.text
    arm.put(f"{vault}/secrets/limit", {"properties": {"value": "10"}})
    (plan,) = _plans(configuration)
    assert [step.element for step in plan.inbound] == ["rate-limit-by-key"]
