"""https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies."""

import logging
from dataclasses import replace

import pytest

from local_azure.gateway.configuration import Subscription
from local_azure.gateway.counters import Counters
from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway, error, free_url

PATH = "/species/v1/ready"
TELL = "".join(
    header(f"x-{name.lower()}", f"@(context.LastError.{name})")
    for name in ("Source", "Reason", "Message", "Scope", "Section")
) + header("x-status", "@(context.Response.StatusCode.ToString())")


def told(response_headers: object) -> list[str | None]:
    names = ("source", "reason", "scope", "section", "status")
    return [response_headers.get(f"x-{name}") for name in names]  # type: ignore[attr-defined] # httpx.Headers


def test_on_error_knows_a_failed_policy(gateway: Gateway, backend: Backend) -> None:
    limit = '<base /><rate-limit calls="1" renewal-period="60" />'
    gateway.deploy(service(backend.url, policy=policy(inbound=limit, on_error="<base />" + TELL)))
    gateway.get(PATH, ocp_apim_subscription_key=KEY)
    response = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert told(response.headers) == ["rate-limit", "RateLimitExceeded", "api", "inbound", "429"]
    assert response.headers["x-message"] == "Rate limit is exceeded. Try again in 60 seconds."
    assert response.headers["retry-after"] == "60"


def test_on_error_of_the_api_knows_a_refused_key(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, policy=policy(on_error="<base />" + TELL)))
    response = gateway.get(PATH)
    assert told(response.headers)[:2] == ["authorization", "SubscriptionKeyNotFound"]
    assert error(response)[0] == 401


def test_global_on_error_knows_a_request_that_fits_nothing(gateway: Gateway, backend: Backend) -> None:
    everywhere = policy(inbound="", backend="<forward-request />", outbound="", on_error=TELL)
    gateway.deploy(replace(service(backend.url), policy=everywhere))
    response = gateway.get("/nothing")
    assert told(response.headers)[:2] == ["configuration", "OperationNotFound"]
    assert response.headers["x-message"] == "Unable to match incoming request to an operation."
    assert error(response) == (404, "Resource not found")


def test_on_error_knows_a_backend_that_is_down(gateway: Gateway) -> None:
    gateway.deploy(service(free_url(), policy=policy(on_error="<base />" + TELL)))
    response = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert told(response.headers) == [
        "forward-request",
        "BackendConnectionFailure",
        "global",
        "backend",
        "500",
    ]


def test_expression_that_fails_is_an_internal_error(gateway: Gateway, backend: Backend) -> None:
    inbound = "<base />" + header("x", "@(context.Product.Id)")
    gateway.deploy(service(backend.url, policy=policy(inbound=inbound, on_error="<base />" + TELL)))
    response = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert told(response.headers)[:2] == ["set-header", "ExpressionValueEvaluationFailure"]
    assert error(response) == (500, "Internal server error")


def test_failure_in_on_error_is_an_internal_error(gateway: Gateway, backend: Backend) -> None:
    broken = header("x", "@(context.Product.Id)")
    gateway.deploy(service(backend.url, policy=policy(on_error=broken)))
    assert error(gateway.get(PATH)) == (500, "Internal server error")


def test_response_of_the_backend_is_dropped_when_outbound_fails(gateway: Gateway, backend: Backend) -> None:
    document = policy(
        backend='<forward-request buffer-response="false" />', outbound=header("x", "@(context.Product.Id)")
    )
    gateway.deploy(service(backend.url, policy=document))
    assert error(gateway.get(PATH, ocp_apim_subscription_key=KEY)) == (500, "Internal server error")


def test_defect_shows_the_caller_no_traceback_and_the_log_one(
    gateway: Gateway, backend: Backend, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(Counters, "rate", broken)
    limit = '<base /><rate-limit calls="1" renewal-period="60" />'
    gateway.deploy(service(backend.url, policy=policy(inbound=limit)))
    response = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert error(response) == (500, "Internal server error")
    assert "defect" not in response.text
    assert "ZeroDivisionError: a defect" in caplog.text
    assert response.json()["activityId"] in caplog.text


def test_log_holds_no_key_and_no_named_value(
    gateway: Gateway, backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    inbound = "<base />" + header("x", '@("hunter2{{secret}}" + context.Product.Id)')
    deployed = service(backend.url, policy=policy(inbound=inbound))
    gateway.deploy(replace(deployed, named_values={"secret": "hunter3"}))
    gateway.get(f"{PATH}?subscription-key={KEY}")
    # The server's access log is off; pytest listens to it all the same.
    lines = [record.getMessage() for record in caplog.records if record.name != "uvicorn.access"]
    assert any(line.startswith("GET /species/v1/ready 500") for line in lines)
    assert [line for line in lines for secret in (KEY, "hunter2", "hunter3") if secret in line] == []


def test_policy_that_cannot_be_run_fails_its_own_api_alone(
    gateway: Gateway, backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    deployed = service(backend.url)
    limit = '<rate-limit-by-key calls="{{limit}}" renewal-period="60" counter-key="one" />'
    broken = replace(
        deployed.apis[0], name="species-v2", version="v2", policy=policy(inbound=limit + "<base />")
    )
    every = Subscription("every", "/apis", primary_key="every")
    gateway.deploy(
        replace(
            deployed,
            apis=(*deployed.apis, broken),
            subscriptions=(every,),
            named_values={"limit": "hunter2"},
        )
    )
    assert gateway.get(PATH, ocp_apim_subscription_key="every").status_code == 200
    caplog.clear()
    response = gateway.get("/species/v2/ready", ocp_apim_subscription_key="every")
    assert error(response) == (500, "Internal server error")
    assert "calls is '{{limit}}': write a whole number" in caplog.text
    assert response.json()["activityId"] in caplog.text
    assert "hunter2" not in caplog.text
    assert gateway.get("/species/v2/ready").status_code == 401


def test_log_holds_no_key_when_the_backends_url_is_none(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.deploy(service("http://model:port"))
    assert gateway.get(f"{PATH}?subscription-key={KEY}").status_code == 500
    lines = [record.getMessage() for record in caplog.records if record.name != "uvicorn.access"]
    assert any("'http://model:port' is not a URL" in line for line in lines)
    assert [line for line in lines if KEY in line] == []


def test_header_name_that_is_none_is_not_sent(gateway: Gateway, backend: Backend) -> None:
    for broken in (
        {"inbound": "<base />" + header('@("a b")', "1")},
        {"outbound": "<base />" + header('@("é")', "1")},
    ):
        gateway.deploy(service(backend.url, policy=policy(**broken)))
        assert error(gateway.get(PATH, ocp_apim_subscription_key=KEY)) == (500, "Internal server error")


def test_header_value_with_a_line_break_is_not_sent(gateway: Gateway, backend: Backend) -> None:
    inbound = "<base />" + header("x", '@("a\\r\\nx-evil: 1")')
    gateway.deploy(service(backend.url, policy=policy(inbound=inbound)))
    assert error(gateway.get(PATH, ocp_apim_subscription_key=KEY)) == (500, "Internal server error")
    assert backend.received == []


def test_condition_that_fails_after_the_response_is_an_internal_error(
    gateway: Gateway, backend: Backend
) -> None:
    limit = (
        '<base /><rate-limit-by-key calls="1" renewal-period="60" counter-key="one" '
        'increment-condition="@(context.Product.Id == "a")" />'
    )
    gateway.deploy(service(backend.url, policy=policy(inbound=limit)))
    assert error(gateway.get(PATH, ocp_apim_subscription_key=KEY)) == (500, "Internal server error")
