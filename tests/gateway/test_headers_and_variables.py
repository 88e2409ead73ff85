"""`set-header` and `set-variable`, on the request and on the response."""

from dataclasses import replace

import pytest

from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway


def value_elements(*values: str) -> str:
    return "".join(f"<value>{value}</value>" for value in values)


@pytest.mark.parametrize(
    ("action", "sent", "expected"),
    [
        ("override", "old", ["new"]),
        ("override", None, ["new"]),
        ("skip", "old", ["old"]),
        ("skip", None, ["new"]),
        ("append", "old", ["old,new"]),
        ("append", None, ["new"]),
    ],
)
def test_exists_action(
    gateway: Gateway, backend: Backend, action: str, sent: str | None, expected: list[str]
) -> None:
    gateway.deploy(service(backend.url, policy=policy(inbound="<base />" + header("X-Mark", "new", action))))
    headers = {"x_mark": sent} if sent else {}
    gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY, **headers)
    assert backend.last.values("x-mark") == expected


def test_delete_removes_whatever_the_case(gateway: Gateway, backend: Backend) -> None:
    delete = '<base /><set-header name="X-MARK" exists-action="delete" />'
    gateway.deploy(service(backend.url, policy=policy(inbound=delete)))
    gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY, x_mark="old")
    assert backend.last.values("x-mark") == []


@pytest.mark.parametrize(("name", "expected"), [("X-Mark", ["one,two"]), ("User-Agent", ["one", "two"])])
def test_several_values_are_joined_unless_the_header_cannot_be(
    gateway: Gateway, backend: Backend, name: str, expected: list[str]
) -> None:
    both = f'<base /><set-header name="{name}">{value_elements("one", "two")}</set-header>'
    gateway.deploy(service(backend.url, policy=policy(inbound=both)))
    gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert backend.last.values(name) == expected


def test_outbound_changes_the_response(gateway: Gateway, backend: Backend) -> None:
    backend.headers = {"X-Powered-By": "a server", "X-Kept": "1"}
    delete = '<base /><set-header name="X-Powered-By" exists-action="delete" />'
    gateway.deploy(
        service(
            backend.url,
            policy=policy(outbound=delete + header("X-Status", "@(context.Response.StatusCode.ToString())")),
        )
    )
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert "x-powered-by" not in response.headers
    assert (response.headers["x-kept"], response.headers["x-status"]) == ("1", "200")


CORRELATION = (
    '<base /><set-variable name="correlation-id" value="@(context.Request.Headers.GetValueOrDefault('
    '"x-correlation-id", context.RequestId.ToString()))" />'
    + header("x-correlation-id", '@((string)context.Variables["correlation-id"])')
)
BACK = "<base />" + header("x-correlation-id", '@((string)context.Variables["correlation-id"])')


def test_variable_lives_from_request_to_response(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, policy=policy(inbound=CORRELATION, outbound=BACK)))
    sent = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY, x_correlation_id="mine")
    assert (backend.last.values("x-correlation-id"), sent.headers["x-correlation-id"]) == (["mine"], "mine")
    made = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert backend.last.values("x-correlation-id") == [made.headers["x-correlation-id"]]
    assert len(made.headers["x-correlation-id"]) == 36


def test_variable_keeps_the_type_of_an_expression(gateway: Gateway, backend: Backend) -> None:
    inbound = (
        '<base /><set-variable name="number" value="@(1 + 1)" /><set-variable name="text" value="2" />'
        + header("x-sum", '@(((int)context.Variables["number"] + 1).ToString())')
        + header("x-text", '@((string)context.Variables["text"] + 1)')
    )
    gateway.deploy(service(backend.url, policy=policy(inbound=inbound)))
    gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (backend.last.values("x-sum"), backend.last.values("x-text")) == (["3"], ["21"])


def test_named_value_takes_its_place(gateway: Gateway, backend: Backend) -> None:
    inbound = "<base />" + header("x-gateway-secret", "{{model-secret}}")
    deployed = service(backend.url, policy=policy(inbound=inbound))
    gateway.deploy(replace(deployed, named_values={"model-secret": 'a<b>&"c"'}))
    gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert backend.last.values("x-gateway-secret") == ['a<b>&"c"']
