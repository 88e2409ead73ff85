"""`set-backend-service`, `rewrite-uri` and `forward-request`."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from local_azure.gateway.configuration import Backend as BackendEntity
from local_azure.gateway.configuration import Operation
from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway, error, free_url, served

INTERNAL = (500, "Internal server error")


def call(gateway: Gateway, path: str = "/ready", **headers: str) -> int:
    return gateway.get(f"/species/v1{path}", ocp_apim_subscription_key=KEY, **headers).status_code


def test_request_and_response_pass_unchanged(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(f"{backend.url}/base/"))
    backend.status, backend.headers = 201, {"X-Answer": "caf\u00e9"}
    response = gateway.post(
        "/species/v1/predict?a=%2F&a=2&b",
        {"a": "é"},
        ocp_apim_subscription_key=KEY,
        x_asked="1",
        accept="x/y",
    )
    got = backend.last
    assert (got.method, got.path, got.query, got.body) == (
        "POST",
        "/base/predict",
        "a=%2F&a=2&b",
        b'{"a": "\\u00e9"}',
    )
    assert (got.values("x-asked"), got.values("accept")) == (["1"], ["x/y"])
    assert got.values("content-length") == [str(len(got.body))]
    assert (response.status_code, response.headers["x-answer"]) == (201, "caf\u00e9")
    assert response.headers["content-length"] == str(len(response.content))


def test_host_is_the_backends_own(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    call(gateway, host="contoso.azure-api.localhost")
    assert backend.last.values("host") == [backend.url.removeprefix("http://")]
    gateway.deploy(
        service(backend.url, policy=policy(inbound="<base />" + header("Host", "species.example")))
    )
    call(gateway)
    assert backend.last.values("host") == ["species.example"]


def test_headers_of_one_connection_are_not_passed_on(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    backend.headers = {
        "Connection": "keep-alive, X-Mine",
        "X-Mine": "1",
        "Keep-Alive": "timeout=5",
        "X-Kept": "1",
    }
    response = gateway.client.get(
        "/species/v1/ready",
        headers={
            "Ocp-Apim-Subscription-Key": KEY,
            "Connection": "keep-alive, X-Hop",
            "X-Hop": "1",
            "TE": "trailers",
        },
    )
    assert [backend.last.values(name) for name in ("x-hop", "te")] == [[], []]
    assert "x-mine" not in response.headers
    assert "keep-alive" not in response.headers
    assert response.headers["x-kept"] == "1"


def test_caller_cannot_drop_a_header_that_a_policy_sets(gateway: Gateway, backend: Backend) -> None:
    both = policy(inbound="<base />" + header("x-secret", "s"), outbound="<base />" + header("x-out", "o"))
    gateway.deploy(service(backend.url, policy=both))
    backend.headers = {"Connection": "x-out"}
    headers = {"Ocp-Apim-Subscription-Key": KEY, "Connection": "x-secret, host"}
    response = gateway.client.get("/species/v1/ready", headers=headers)
    assert (backend.last.values("x-secret"), response.headers["x-out"]) == (["s"], "o")


def test_caller_cannot_choose_its_address_and_scheme(gateway: Gateway, backend: Backend) -> None:
    told = header("x-ip", "@(context.Request.IpAddress)") + header(
        "x-scheme", "@(context.Request.OriginalUrl.Scheme)"
    )
    gateway.deploy(service(backend.url, policy=policy(inbound="<base />" + told)))
    assert call(gateway, x_forwarded_for="203.0.113.7", x_forwarded_proto="https") == 200
    assert (backend.last.values("x-ip"), backend.last.values("x-scheme")) == (["127.0.0.1"], ["http"])


def test_cookies_are_between_caller_and_backend(gateway: Gateway, backend: Backend) -> None:
    following = policy(backend='<forward-request follow-redirects="true" />')
    gateway.deploy(service(backend.url, policy=following))
    backend.headers = {"Set-Cookie": "session=alice; Path=/"}
    assert call(gateway) == 200
    backend.status, backend.headers = 302, {"Location": f"{backend.url}/stream"}
    backend.release.set()
    with httpx.Client(base_url=gateway.client.base_url, trust_env=False) as other:
        other.get("/species/v1/ready", headers={"Ocp-Apim-Subscription-Key": KEY})
    assert (backend.last.path, backend.last.values("cookie")) == ("/stream", [])


def test_server_header_is_the_backends_and_the_date_is_written_once(
    gateway: Gateway, backend: Backend
) -> None:
    gateway.deploy(service(backend.url))
    backend.headers = {"Server": "a model server"}
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert response.headers["server"] == "a model server"
    assert len(response.headers.get_list("date")) == 1


def test_expectation_of_the_caller_is_answered_by_the_gateway(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    response = gateway.post("/species/v1/predict", {}, ocp_apim_subscription_key=KEY, expect="100-continue")
    assert response.status_code == 200
    assert backend.last.values("expect") == []


def test_head_keeps_the_length_without_a_body(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, operations=(Operation("ready", "HEAD", "/ready"),)))
    backend.body = b"12345"
    response = gateway.client.head("/species/v1/ready", headers={"Ocp-Apim-Subscription-Key": KEY})
    assert (response.status_code, response.headers["content-length"], response.content) == (200, "5", b"")


@pytest.mark.parametrize("status", [204, 304])
def test_response_without_body(gateway: Gateway, backend: Backend, status: int) -> None:
    gateway.deploy(service(backend.url))
    backend.status, backend.body = status, b""
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (response.status_code, response.content) == (status, b"")


def test_backend_by_its_id(gateway: Gateway, backend: Backend) -> None:
    inbound = '<base /><set-backend-service backend-id="species" />'
    deployed = service(free_url(), policy=policy(inbound=inbound))
    gateway.deploy(replace(deployed, backends=(BackendEntity("species", f"{backend.url}/v2"),)))
    assert (call(gateway), backend.last.path) == (200, "/v2/ready")


def test_backend_by_its_url(gateway: Gateway, backend: Backend) -> None:
    inbound = f'<base /><set-backend-service base-url="{backend.url}/v3" />'
    gateway.deploy(service(None, policy=policy(inbound=inbound)))
    assert (call(gateway), backend.last.path) == (200, "/v3/ready")


def test_unknown_backend_and_no_backend_are_internal_errors(gateway: Gateway, backend: Backend) -> None:
    inbound = '<base /><set-backend-service backend-id="missing" />'
    for deployed in (service(backend.url, policy=policy(inbound=inbound)), service(None)):
        gateway.deploy(deployed)
        assert error(gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)) == INTERNAL


@pytest.mark.parametrize(
    ("template", "copy", "sent"),
    [
        ("/v2/models/{name}/infer", "true", "/v2/models/a%2Fb/infer?more=1"),
        ("/v2/models/{name}/infer?mode=fast", "true", "/v2/models/a%2Fb/infer?mode=fast&more=1"),
        ("/v2/models/{name}/infer", "false", "/v2/models/a%2Fb/infer"),
        ('@("/v2/" + context.Request.MatchedParameters["kind"])', "false", "/v2/x y"),
    ],
)
def test_rewrite_uri(gateway: Gateway, backend: Backend, template: str, copy: str, sent: str) -> None:
    rewrite = f'<base /><rewrite-uri template="{template}" copy-unmatched-params="{copy}" />'
    operation = Operation("item", "GET", "/items/{name}?kind={kind}", policy=policy(inbound=rewrite))
    gateway.deploy(service(backend.url, operations=(operation,)))
    assert call(gateway, "/items/a%2Fb?kind=x%20y&more=1") == 200
    got = backend.last
    assert f"{got.path}{'?' if got.query else ''}{got.query}" == sent.replace(" ", "%20")


def test_rewrite_uri_with_a_parameter_that_is_not_the_operations(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, policy=policy(inbound='<base /><rewrite-uri template="/{name}" />')))
    assert error(gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)) == INTERNAL


def test_backend_that_is_down(gateway: Gateway) -> None:
    gateway.deploy(service(free_url()))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert error(response) == INTERNAL
    assert len(response.json()["activityId"]) == 36


def test_backend_that_is_silent_times_out(gateway: Gateway, backend: Backend) -> None:
    slow = policy(backend='<forward-request timeout-ms="50" />')
    told = policy(backend="<base />", on_error="<base />" + header("x-reason", "@(context.LastError.Reason)"))
    operation = Operation("slow", "GET", "/slow", policy=slow)
    gateway.deploy(service(backend.url, operations=(operation,), policy=told))
    response = gateway.get("/species/v1/slow", ocp_apim_subscription_key=KEY)
    assert error(response) == INTERNAL
    assert response.headers["x-reason"] == "Timeout"


@pytest.mark.parametrize(("follow", "status"), [("false", 302), ("true", 200)])
def test_redirect_is_followed_when_told_so(
    gateway: Gateway, backend: Backend, follow: str, status: int
) -> None:
    redirecting = policy(backend=f'<forward-request follow-redirects="{follow}" />')
    gateway.deploy(service(backend.url, policy=redirecting))
    backend.status, backend.headers = 302, {"Location": f"{backend.url}/stream"}
    backend.release.set()
    assert call(gateway) == status


def test_error_status_runs_on_error_when_told_so(gateway: Gateway, backend: Backend) -> None:
    document = policy(
        backend='<forward-request fail-on-error-status-code="true" />', on_error=header("x-failed", "yes")
    )
    gateway.deploy(service(backend.url, policy=document))
    backend.status = 404
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (response.status_code, response.headers["x-failed"]) == (404, "yes")


def test_unbuffered_response_comes_chunk_by_chunk(gateway: Gateway, backend: Backend) -> None:
    document = policy(backend='<forward-request buffer-response="false" />', outbound=header("x-out", "1"))
    gateway.deploy(service(backend.url, operations=(Operation("stream", "GET", "/stream"),), policy=document))
    with gateway.client.stream(
        "GET", "/species/v1/stream", headers={"Ocp-Apim-Subscription-Key": KEY}
    ) as response:
        assert response.headers["x-out"] == "1"
        chunks = response.iter_raw()
        assert next(chunks) == b"first"
        backend.release.set()
        assert next(chunks) == b"second"


@contextmanager
def streaming(gateway: Gateway, endpoint: Callable[[Request], Awaitable[Response]]) -> Iterator[None]:
    document = policy(backend='<forward-request buffer-response="false" />')
    with served(Starlette(routes=[Route("/stream", endpoint)])) as url:
        operations = (Operation("stream", "GET", "/stream"),)
        gateway.deploy(service(url, operations=operations, policy=document))
        yield


STREAM = ("GET", "/species/v1/stream")
WITH_KEY = {"Ocp-Apim-Subscription-Key": KEY}


def test_unbuffered_response_does_not_outlive_its_caller(gateway: Gateway) -> None:
    ended = threading.Event()

    async def chunks() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"tick"
                await asyncio.sleep(0.01)
        finally:
            ended.set()

    async def endless(_: Request) -> Response:
        return StreamingResponse(chunks())

    with streaming(gateway, endless):
        with gateway.client.stream(*STREAM, headers=WITH_KEY) as response:
            assert next(response.iter_raw()).startswith(b"tick")
        assert ended.wait(5)


def test_unbuffered_response_that_breaks_off_is_one_line(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(0.05)
        raise ConnectionError("the backend dies")

    async def broken(_: Request) -> Response:
        return StreamingResponse(chunks())

    with (
        streaming(gateway, broken),
        gateway.client.stream(*STREAM, headers=WITH_KEY) as response,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        response.read()
    (line,) = [record for record in caplog.records if record.name == "local_azure.gateway.app"]
    assert line.getMessage().startswith("The backend broke off in the middle of its response: ")
    assert line.exc_info is None


def test_buffered_response_has_a_length(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, operations=(Operation("stream", "GET", "/stream"),)))
    backend.release.set()
    response = gateway.get("/species/v1/stream", ocp_apim_subscription_key=KEY)
    assert (response.content, response.headers["content-length"]) == (b"firstsecond", "11")


def test_large_body_passes(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    body = {"a": "x" * 3_000_000}
    response = gateway.post("/species/v1/predict", body, ocp_apim_subscription_key=KEY)
    assert response.json()["echo"] == json.dumps(body)
