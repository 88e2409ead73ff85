"""The policies of a model's API as the stacks deploy them, together."""

from dataclasses import replace

from local_azure.gateway.configuration import Backend as BackendEntity
from local_azure.gateway.configuration import Operation, Product, Representation, Service
from shared.policies import (
    Base,
    ContentType,
    Expression,
    ForwardRequest,
    PolicyDocument,
    Quota,
    RateLimit,
    RateLimitByKey,
    RewriteUri,
    SetBackendService,
    SetHeader,
    SetVariable,
    ValidateContent,
    render,
)
from tests.gateway.documents import KEY, PRODUCT_KEY, service
from tests.gateway.servers import Backend, Gateway, error

CORRELATION = SetHeader(
    "x-correlation-id",
    (
        Expression(
            'context.Variables.GetValueOrDefault<string>("correlation-id", context.RequestId.ToString())'
        ),
    ),
)
"""With a default: a request can fail before the variable is set."""
EVERYWHERE = PolicyDocument(
    inbound=(SetHeader("x-gateway-secret", exists_action="delete"),),
    backend=(ForwardRequest(timeout=60),),
    outbound=(SetHeader("X-Powered-By", exists_action="delete"),),
    on_error=(),
)
STANDARD = PolicyDocument(
    inbound=(Base(), RateLimit(calls=3, renewal_period=60), Quota(calls=1000, renewal_period=86400)),
)
MODEL = PolicyDocument(
    inbound=(
        Base(),
        SetVariable(
            "correlation-id",
            Expression(
                'context.Request.Headers.GetValueOrDefault("x-correlation-id", context.RequestId.ToString())'
            ),
        ),
        RateLimitByKey(calls=5, renewal_period=60, counter_key=Expression("context.Subscription.Id")),
        ValidateContent(
            unspecified_content_type_action="prevent",
            max_size=102400,
            size_exceeded_action="prevent",
            errors_variable_name="requestBodyValidation",
            contents=(ContentType(type="application/json", validate_as="json", action="prevent"),),
        ),
        CORRELATION,
        SetHeader("x-gateway-secret", ("{{model-backend-secret}}",)),
        SetBackendService(backend_id="species"),
    ),
    backend=(Base(),),
    outbound=(Base(), CORRELATION),
    on_error=(Base(), CORRELATION),
)
INFER = PolicyDocument(inbound=(Base(), RewriteUri("/v2/models/species/infer")))
SCHEMA = {"components": {"schemas": {"Request": {"type": "object", "required": ["inputs"]}}}}


def model_service(url: str) -> Service:
    predict = Operation(
        "predict",
        "POST",
        "/predict",
        policy=render(INFER),
        request_representations=(Representation("application/json", "components", "Request"),),
    )
    deployed = service(None, policy=render(MODEL), operations=(predict,), schemas={"components": SCHEMA})
    return replace(
        deployed,
        policy=render(EVERYWHERE),
        products=(Product("standard", api_names=frozenset({"species-v1"}), policy=render(STANDARD)),),
        backends=(BackendEntity("species", url),),
        named_values={"model-backend-secret": "hunter2"},
    )


def test_prediction_reaches_the_model(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(model_service(backend.url))
    backend.headers = {"X-Powered-By": "a model server"}
    response = gateway.post(
        "/species/v1/predict",
        {"inputs": []},
        ocp_apim_subscription_key=PRODUCT_KEY,
        x_correlation_id="mine",
        x_gateway_secret="forged",  # noqa: S106 - what the gateway has to replace
    )
    assert response.json() == {"echo": '{"inputs": []}'}
    assert (backend.last.method, backend.last.path) == ("POST", "/v2/models/species/infer")
    assert backend.last.values("x-gateway-secret") == ["hunter2"]
    assert backend.last.values("x-correlation-id") == [response.headers["x-correlation-id"]] == ["mine"]
    assert "x-powered-by" not in response.headers


def test_refusals_carry_the_correlation_id(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(model_service(backend.url))
    invalid = gateway.post("/species/v1/predict", {}, ocp_apim_subscription_key=KEY, x_correlation_id="mine")
    assert error(invalid)[0] == 400
    assert invalid.headers["x-correlation-id"] == "mine"


def test_product_key_meets_the_tighter_limit_of_the_product(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(model_service(backend.url))

    def statuses(key: str) -> list[int]:
        return [
            gateway.post("/species/v1/predict", {"inputs": []}, ocp_apim_subscription_key=key).status_code
            for _ in range(6)
        ]

    assert statuses(PRODUCT_KEY) == [200] * 3 + [429] * 3
    assert statuses(KEY) == [200] * 5 + [429]


def test_refused_key_carries_a_correlation_id_too(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(model_service(backend.url))
    refused = gateway.post("/species/v1/predict", {"inputs": []})
    assert error(refused)[0] == 401
    assert len(refused.headers["x-correlation-id"]) == 36
