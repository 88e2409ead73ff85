import json
from itertools import pairwise
from typing import Any

import pulumi
import pytest
from pydantic import JsonValue

from shared.merge_patch import merge_patch
from shared.model import description
from shared.model.traffic import TrafficArgs, route
from shared.place import ServicePlace
from shared.policies import (
    Audiences,
    Base,
    ClientApplicationIds,
    Expression,
    RateLimitByKey,
    RewriteUri,
    SetBackendService,
    SetHeader,
    ValidateAzureAdToken,
    ValidateContent,
    parse,
)
from tests.unit.stacks import programs
from tests.unit.stacks.recording import Recording

_APPLICATION = "aaaaaaaa-0000-0000-0000-000000000001"
_ENVIRONMENTS = ("local", "dev", "staging", "prod")
_API_WRITES = (
    "apimanagement:Api",
    "apimanagement:ApiSchema",
    "apimanagement:ApiOperation",
    "apimanagement:ApiPolicy",
    "apimanagement:ApiOperationPolicy",
    "apimanagement:ProductApiLink",
    "apimanagement:TagApiLink",
    "apimanagement:Subscription",
)


@pytest.fixture(scope="module")
def local() -> Recording:
    return programs.model()


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("environment", _ENVIRONMENTS)
def test_the_program_runs_in_every_environment(environment: str, *, preview: bool) -> None:
    types = {resource.type for resource in programs.model(environment, preview=preview).resources}
    assert types == {
        "model-gateway:model:VersionSet",
        "model-gateway:model:Backend",
        "model-gateway:model:Pool",
        "model-gateway:model:VersionedApi",
        "apimanagement:ApiVersionSet",
        "apimanagement:Backend",
        *_API_WRITES,
    }


def test_a_preview_before_the_platform_is_deployed_runs_too() -> None:
    recording = programs.model(preview=True, stored={"organization/platform/local": {"service_name": "apim"}})
    assert _backends(recording)["iris-species-v1-main"]["url"] == "http://127.0.0.1:7502"
    assert "operation_urls" not in recording.exports


def test_the_whole_front_door_of_a_model_is_there() -> None:
    everything = [
        resource
        for recording in (programs.foundation(), programs.platform(), programs.model())
        for resource in recording.resources
    ]
    for seed in (
        "resources:ResourceGroup",
        "apimanagement:ApiManagementService",
        "apimanagement:Backend",
        "apimanagement:Api",
        "apimanagement:ApiOperation",
        "apimanagement:ApiSchema",
        "apimanagement:Product",
        "apimanagement:ProductApiLink",
    ):
        assert [resource for resource in everything if resource.type == seed], seed


def test_writes_to_an_api_wait_for_each_other(local: Recording) -> None:
    writes = [resource for resource in local.resources if resource.type in _API_WRITES]
    assert len(writes) == 13
    ordered = sorted(writes, key=lambda write: _depth(write.name, local))
    for before, after in pairwise(ordered):
        assert before.name in after.waits_for


def test_versions_are_written_one_after_the_other_because_they_share_products(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    described = description.load("iris-species", "local")
    twice = described.model_copy(update={"versions": {**described.versions, "v2": described.versions["v1"]}})
    monkeypatch.setattr(description, "load", lambda *_, **__: twice)
    recording = programs.model()
    writes = [resource for resource in recording.resources if resource.type in _API_WRITES]
    assert len(writes) == 26
    ordered = sorted(writes, key=lambda write: _depth(write.name, recording))
    for before, after in pairwise(ordered):
        assert before.name in after.waits_for


def _depth(name: str, recording: Recording) -> int:
    """Return how many resources a resource waits for, one after the other."""
    by_name = {resource.name: resource for resource in recording.resources if resource.type in _API_WRITES}
    return max(
        (1 + _depth(other, recording) for other in by_name[name].waits_for if other in by_name), default=0
    )


def test_the_api_waits_for_the_pool_that_its_policy_names(local: Recording) -> None:
    assert "iris-species-v1-pool" in local.only("apimanagement:Api").waits_for


def _with_access(monkeypatch: pytest.MonkeyPatch, *, key: bool) -> Recording:
    """Run the program of a model that asks for a token, and for a key as well or not."""
    original = description.resolved
    entra: JsonValue = {"audiences": ["api://iris-species"], "client-applications": [_APPLICATION]}

    def with_entra(*arguments: Any) -> Any:
        return merge_patch(original(*arguments), {"access": {"key": key, "entra": entra}})

    monkeypatch.setattr(description, "resolved", with_entra)
    return programs.model()


@pytest.mark.parametrize(
    ("key", "counted"), [(True, "context.Subscription.Id"), (False, 'Claims.GetValueOrDefault("azp"')]
)
def test_a_token_is_checked_before_calls_are_counted_and_stays_at_the_gateway(
    monkeypatch: pytest.MonkeyPatch, counted: str, *, key: bool
) -> None:
    recording = _with_access(monkeypatch, key=key)
    assert recording.only("apimanagement:Api").inputs["subscriptionRequired"] is key
    inbound = parse(recording.only("apimanagement:ApiPolicy").inputs["value"]).inbound or ()
    elements = [statement.element for statement in inbound]
    assert elements.index("validate-azure-ad-token") < elements.index("rate-limit-by-key")
    check = inbound[elements.index("validate-azure-ad-token")]
    assert check == ValidateAzureAdToken(
        "00000000-0000-0000-0000-000000000000",
        header_name="Authorization",
        output_token_variable_name="access-token",  # noqa: S106 - the name of a variable
        client_application_ids=ClientApplicationIds((_APPLICATION,)),
        audiences=Audiences(("api://iris-species",)),
    )
    limit = inbound[elements.index("rate-limit-by-key")]
    assert isinstance(limit, RateLimitByKey)
    assert counted in str(limit.counter_key)
    assert SetHeader("Authorization", exists_action="delete") in inbound


def test_an_api_without_a_key_has_no_subscription_for_smoke_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = _with_access(monkeypatch, key=False)
    assert recording.of_type("apimanagement:Subscription") == []
    assert recording.exports["smoke_subscriptions"] == {}
    assert [link.inputs["productId"] for link in recording.of_type("apimanagement:ProductApiLink")] == [
        "trial",
        "standard",
    ]


@pytest.mark.parametrize(
    ("key", "words"), [(True, "subscription key or the access token"), (False, "The access token is missing")]
)
def test_the_answer_401_says_what_a_call_has_to_show(
    monkeypatch: pytest.MonkeyPatch, words: str, *, key: bool
) -> None:
    for operation in _operations(_with_access(monkeypatch, key=key)).values():
        (refused,) = (each for each in operation["responses"] if each["statusCode"] == 401)
        assert words in refused["description"]


def _backends(recording: Recording) -> dict[str, dict[str, Any]]:
    """Return the inputs of backends and pools by their identifiers."""
    backends = recording.of_type("apimanagement:Backend")
    return {backend.inputs["backendId"]: dict(backend.inputs) for backend in backends}


def _with_deployments(monkeypatch: pytest.MonkeyPatch, **weights: int) -> Recording:
    """Run the program of a model whose version has deployments of these weights."""
    deployments: dict[str, JsonValue] = {
        name: {"endpoint": f"http://127.0.0.1:{port}", "weight": weight}
        for port, (name, weight) in enumerate(weights.items(), start=8001)
    }
    original = description.resolved
    patch: JsonValue = {"versions": {"v1": {"deployments": {"main": None, **deployments}}}}

    def with_them(*arguments: Any) -> Any:
        return merge_patch(original(*arguments), patch)

    monkeypatch.setattr(description, "resolved", with_them)
    return programs.model()


def test_calls_are_shared_among_the_deployments_by_their_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = _with_deployments(monkeypatch, blue=90, green=10)
    backends = _backends(recording)
    assert {name: backend.get("url") for name, backend in backends.items()} == {
        "iris-species-v1-blue": "http://127.0.0.1:8001",
        "iris-species-v1-green": "http://127.0.0.1:8002",
        "iris-species-v1-pool": None,
    }
    pool = backends["iris-species-v1-pool"]
    assert (pool["type"], pool.get("protocol")) == ("Pool", None)
    members = [(each["id"].rpartition("/")[2], each["weight"]) for each in pool["pool"]["services"]]
    assert members == [("iris-species-v1-blue", 90), ("iris-species-v1-green", 10)]
    assert recording.exports["endpoints"] == {
        "v1": {"blue": "http://127.0.0.1:8001", "green": "http://127.0.0.1:8002"}
    }


def test_a_preview_knows_the_members_of_a_pool_before_they_exist() -> None:
    (member,) = _backends(programs.model(preview=True))["iris-species-v1-pool"]["pool"]["services"]
    assert member["id"].endswith("/backends/iris-species-v1-main")


def test_a_pool_waits_for_its_members(local: Recording) -> None:
    (pool,) = (each for each in local.resources if each.name == "iris-species-v1-pool")
    assert "iris-species-v1-main-backend" in pool.waits_for


def test_a_deployment_without_weight_has_a_backend_and_no_place_in_the_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backends = _backends(_with_deployments(monkeypatch, blue=100, green=0))
    assert "iris-species-v1-green" in backends
    (member,) = backends["iris-species-v1-pool"]["pool"]["services"]
    assert (member["id"].rpartition("/")[2], member["weight"]) == ("iris-species-v1-blue", 100)


def test_the_backend_of_the_api_itself_stays_when_weights_move(monkeypatch: pytest.MonkeyPatch) -> None:
    for weights in ({"blue": 90, "green": 10}, {"blue": 10, "green": 90}):
        recording = _with_deployments(monkeypatch, **weights)
        assert recording.only("apimanagement:Api").inputs["serviceUrl"] == "http://127.0.0.1:8001"


def test_every_deployment_has_one_circuit_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    backends = _backends(_with_deployments(monkeypatch, blue=90, green=10))
    for name in ("blue", "green"):
        (rule,) = backends[f"iris-species-v1-{name}"]["circuitBreaker"]["rules"]
        assert (rule["tripDuration"], rule["acceptRetryAfter"]) == ("PT30S", True)
        condition = rule["failureCondition"]
        assert (condition["count"], condition["interval"]) == (5, "PT1M")
        # An error of the model's own code, 500, comes from one body and is no reason to leave the server alone.
        assert condition["statusCodeRanges"] == [{"min": 429, "max": 429}, {"min": 502, "max": 504}]
    assert "circuitBreaker" not in backends["iris-species-v1-pool"]


def test_a_version_that_serves_no_more_has_neither_backends_nor_a_pool() -> None:
    nothing = TrafficArgs(ServicePlace("rg", "apim"), "/apim", "iris-species", "v1", {})
    assert route(nothing) == ()


def test_versions_are_told_apart_by_a_segment_of_the_path(local: Recording) -> None:
    version_set = local.only("apimanagement:ApiVersionSet").inputs
    assert (version_set["versionSetId"], version_set["versioningScheme"]) == ("iris-species", "Segment")
    api = local.only("apimanagement:Api").inputs
    assert (api["apiId"], api["path"], api["apiVersion"]) == ("iris-species-v1", "iris-species", "v1")
    assert api["apiVersionSetId"] == local.exports["version_set_id"]


def test_an_api_needs_a_subscription_key_and_always_names_its_service_url(local: Recording) -> None:
    api = local.only("apimanagement:Api").inputs
    assert api["subscriptionRequired"] is True
    assert api["serviceUrl"] == "http://127.0.0.1:7502"
    assert api["subscriptionKeyParameterNames"] == {
        "header": "Ocp-Apim-Subscription-Key",
        "query": "subscription-key",
    }


@pytest.mark.parametrize(
    ("environment", "protocols"), [("local", ["https", "http"]), ("dev", ["https"]), ("prod", ["https"])]
)
def test_only_the_laptop_can_be_called_without_encryption(environment: str, protocols: list[str]) -> None:
    assert programs.model(environment).only("apimanagement:Api").inputs["protocols"] == protocols


def _operations(recording: Recording) -> dict[str, dict[str, Any]]:
    return {
        operation.inputs["operationId"]: dict(operation.inputs)
        for operation in recording.of_type("apimanagement:ApiOperation")
    }


def test_predictions_are_asked_for_by_post_and_answered_with_a_content_type(local: Recording) -> None:
    predict = _operations(local)["predict"]
    assert (predict["method"], predict["urlTemplate"]) == ("POST", "/predict")
    responses = {response["statusCode"]: response for response in predict["responses"]}
    assert set(responses) == {200, 400, 401, 403, 422, 429, 500, 503}
    for response in responses.values():
        headers = {header["name"]: header for header in response["headers"]}
        assert headers["Content-Type"]["values"] == ["application/json"]
        assert headers["x-correlation-id"]["required"] is True


def test_representations_point_into_the_one_schema_of_the_api(local: Recording) -> None:
    schema = local.only("apimanagement:ApiSchema").inputs
    assert schema["schemaId"] == "components"
    assert schema["contentType"] == "application/vnd.oai.openapi.components+json"
    (request,) = _operations(local)["predict"]["request"]["representations"]
    assert (request["schemaId"], request["contentType"]) == ("components", "application/json")
    assert request["typeName"] in schema["components"]["schemas"]


def test_the_example_is_that_of_the_team(local: Recording) -> None:
    (request,) = _operations(local)["predict"]["request"]["representations"]
    assert request["examples"]["default"]["value"]["inputs"][0]["data"] == [5.1, 3.5, 1.4, 0.2]


def test_the_gateways_own_answers_are_documented_in_every_operation(local: Recording) -> None:
    schemas = local.only("apimanagement:ApiSchema").inputs["components"]["schemas"]
    assert schemas["Gateway.Error"]["required"] == ["statusCode", "message"]
    for operation in _operations(local).values():
        responses = {response["statusCode"]: response for response in operation["responses"]}
        for status in (401, 403, 429, 500, 503):
            (body,) = responses[status]["representations"]
            assert (body["typeName"], body["examples"]["default"]["value"]["statusCode"]) == (
                "Gateway.Error",
                status,
            )
        for status in (403, 429):
            assert "Retry-After" in [header["name"] for header in responses[status]["headers"]]


def test_a_request_may_be_refused_by_the_gateway_or_by_the_model_server(local: Recording) -> None:
    responses = {response["statusCode"]: response for response in _operations(local)["predict"]["responses"]}
    (body,) = responses[400]["representations"]
    schemas = local.only("apimanagement:ApiSchema").inputs["components"]["schemas"]
    assert schemas[body["typeName"]] == {
        "anyOf": [
            {"$ref": "#/components/schemas/InferenceError"},
            {"$ref": "#/components/schemas/Gateway.Error"},
        ]
    }


def test_calls_without_a_body_have_no_request(local: Recording) -> None:
    assert "request" not in _operations(local)["metadata"]
    assert "request" not in _operations(local)["ready"]


def test_the_policy_of_the_api_identifies_limits_and_routes_each_call(local: Recording) -> None:
    policy = local.only("apimanagement:ApiPolicy").inputs
    assert (policy["policyId"], policy["format"]) == ("policy", "rawxml")
    inbound = parse(policy["value"]).inbound or ()
    assert inbound[0] == Base()
    assert (
        RateLimitByKey(
            calls=300,
            renewal_period=60,
            counter_key=Expression('context.Api.Id + "/" + context.Subscription.Id'),
        )
        in inbound
    )
    assert SetHeader("x-gateway-secret", ("{{model-backend-secret}}",)) in inbound
    assert SetHeader("Ocp-Apim-Subscription-Key", exists_action="delete") in inbound
    assert SetBackendService(backend_id="iris-species-v1-pool") in inbound
    assert "iris-species-v1-pool" in _backends(local)


def test_the_correlation_id_goes_to_the_model_and_back_even_when_a_call_fails(local: Recording) -> None:
    document = parse(local.only("apimanagement:ApiPolicy").inputs["value"])
    for section in (document.inbound, document.outbound, document.on_error):
        assert "x-correlation-id" in [
            statement.name for statement in section or () if isinstance(statement, SetHeader)
        ]


def test_bodies_are_checked_where_a_body_is_expected_and_paths_become_the_servers(local: Recording) -> None:
    statements = {
        policy.inputs["operationId"]: (parse(policy.inputs["value"]).inbound or ())[1:]
        for policy in local.of_type("apimanagement:ApiOperationPolicy")
    }
    validation, rewrite = statements["predict"]
    assert isinstance(validation, ValidateContent)
    assert validation.unspecified_content_type_action == "prevent"
    assert validation.max_size == 102400
    assert [content.action for content in validation.contents] == ["prevent"]
    assert rewrite == RewriteUri("/v2/models/iris-species/infer", copy_unmatched_params=False)
    assert statements["metadata"] == (RewriteUri("/v2/models/iris-species", copy_unmatched_params=False),)
    assert statements["ready"] == (RewriteUri("/v2/models/iris-species/ready", copy_unmatched_params=False),)


def test_each_product_of_the_description_offers_the_api(local: Recording) -> None:
    links = local.of_type("apimanagement:ProductApiLink")
    assert [link.inputs["productId"] for link in links] == ["trial", "standard"]
    assert {link.inputs["apiId"] for link in links} == {local.exports["api_ids"]["v1"]}


def test_smoke_tests_have_a_subscription_to_this_api_alone_and_its_keys_are_nowhere(local: Recording) -> None:
    subscription = local.only("apimanagement:Subscription").inputs
    assert subscription["sid"] == "smoke-iris-species-v1"
    assert subscription["scope"] == local.exports["api_ids"]["v1"]
    assert "primaryKey" not in subscription
    others = {name: value for name, value in local.exports.items() if name != "openapi"}
    assert "key" not in json.dumps(others).lower()
    assert json.loads(local.exports["openapi"]["v1"])["components"]["securitySchemes"] == {
        "subscriptionKey": {
            "type": "apiKey",
            "in": "header",
            "name": "Ocp-Apim-Subscription-Key",
            "description": "The key of a subscription to one of the products trial, standard.",
        }
    }


def test_the_url_of_every_operation_is_exported(local: Recording) -> None:
    gateway = local.exports["gateway_url"]
    assert local.exports["operation_urls"]["v1"] == {
        "predict": f"{gateway}/iris-species/v1/predict",
        "metadata": f"{gateway}/iris-species/v1/metadata",
        "ready": f"{gateway}/iris-species/v1/ready",
    }
    assert local.exports["operations"]["v1"]["predict"] == f"POST {gateway}/iris-species/v1/predict"


def test_the_document_of_each_version_is_exported(local: Recording) -> None:
    document = json.loads(local.exports["openapi"]["v1"])
    assert document["servers"] == [{"url": f"{local.exports['gateway_url']}/iris-species/v1"}]
    assert list(document["paths"]) == ["/predict", "/metadata", "/ready"]


def test_a_laptop_may_name_the_endpoint_of_its_server() -> None:
    recording = programs.model(endpoint="http://127.0.0.1:5")
    assert _backends(recording)["iris-species-v1-main"]["url"] == "http://127.0.0.1:5"
    assert recording.only("apimanagement:Api").inputs["serviceUrl"] == "http://127.0.0.1:5"
    assert recording.exports["endpoints"] == {"v1": {"main": "http://127.0.0.1:5"}}


def test_certificates_of_model_servers_are_checked(local: Recording) -> None:
    backend = _backends(local)["iris-species-v1-main"]
    assert backend["protocol"] == "http"
    assert backend["tls"] == {"validateCertificateChain": True, "validateCertificateName": True}


def test_an_unknown_model_ends_the_program_with_a_sentence() -> None:
    with pytest.raises(pulumi.RunError, match=r'There is no model "iris"'):
        programs.model(name="iris", stored={})


def _refusal(**of_the_platform: JsonValue) -> str:
    """Return how the program ends where the platform exports this."""
    stored = programs.stored_outputs("platform", "local", programs.platform())
    stored["organization/platform/local"].update(of_the_platform)
    with pytest.raises(pulumi.RunError) as caught:
        programs.model(stored=stored)
    return str(caught.value)


def test_a_product_that_the_platform_does_not_have_ends_the_program_with_a_sentence() -> None:
    assert _refusal(product_ids={"trial": "/x", "standart": "/y"}) == (
        'models/iris-species/model.yaml: `access.products` names "standard", which the platform does not have. '
        "Did you mean `standart`? Its products are: standart, trial."
    )


def test_each_tag_of_the_description_finds_the_api(local: Recording) -> None:
    link = local.only("apimanagement:TagApiLink").inputs
    assert (link["tagId"], link["apiId"]) == ("tabular", local.exports["api_ids"]["v1"])


def test_a_tag_that_the_platform_does_not_have_ends_the_program_with_a_sentence() -> None:
    assert _refusal(tag_ids={"tabulra": "/x", "text": "/y"}) == (
        'models/iris-species/model.yaml: `tags` names "tabular", which the platform does not have. '
        "Did you mean `tabulra`? Its tags are: tabulra, text."
    )


def test_a_named_value_that_the_platform_does_not_have_ends_the_program_with_a_sentence() -> None:
    assert _refusal(named_values=["environment"]) == (
        "Policies of models use {{model-backend-secret}}, which the platform does not have. "
        "Deploy it first: cd stacks/platform && pulumi up -s local"
    )


def test_a_platform_whose_gateway_has_no_breakers_ends_the_program_with_a_sentence() -> None:
    assert _refusal(sku="Consumption") == (
        "The API Management service has the SKU Consumption, whose gateway knows no circuit breakers and no "
        "rate-limit-by-key, and models need both. Deploy the platform with another `sku`: Developer, Basic, Standard, "
        "Premium, BasicV2, StandardV2, PremiumV2."
    )
