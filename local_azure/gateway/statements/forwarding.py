"""`forward-request`: https://learn.microsoft.com/azure/api-management/forward-request-policy."""

import asyncio
from collections.abc import Callable
from functools import partial

import httpx

from local_azure.gateway.configuration import Backend, BackendPool
from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError
from local_azure.gateway.messages import Headers, Response, encoded
from local_azure.gateway.pools import choose
from local_azure.gateway.statements.step import Place, Run, number_of, truth_of
from shared.policies import ForwardRequest

DEFAULT_TIMEOUT = 300
"""Seconds to wait for the response's headers."""
IDLE_TIMEOUT = 240
"""Seconds of silence after which Azure's network drops a connection, while a body is received."""
MILLISECONDS = 1000
BAD_REQUEST = 400


def forward_request(statement: ForwardRequest, place: Place) -> Run:
    """Compile one `forward-request`."""
    if statement.http_version == "2":
        raise place.error(
            'the local gateway speaks HTTP/1.1 to backends; write http-version="2or1" or leave it out'
        )
    if statement.continue_timeout is not None:
        raise place.error("the local gateway does not wait for 100 Continue; leave continue-timeout out")
    timeout = _timeout(statement, place)
    follow = truth_of(statement.follow_redirects, place)

    async def run(context: Context) -> None:
        breaker = context.breakers.of(context.service.name, _backend(context))
        breaker.check()
        try:
            answer = await _send(context, timeout(context), follow=follow(context))
            context.response = response = await _received(answer, buffered=statement.buffer_response)
        except GatewayError as error:
            breaker.failed(error.reason)
            raise
        breaker.answered(response.status_code, response.headers)
        if statement.fail_on_error_status_code and response.status_code >= BAD_REQUEST:
            raise GatewayError(
                response.status_code, "BackendErrorStatusCode", f"Backend returned {response.status_code}"
            )

    return run


def _backend(context: Context) -> Backend | None:
    """Return the backend that this call goes to, None for a plain URL; a pool chooses anew for each call."""
    if not isinstance(context.backend, BackendPool):
        return context.backend
    backend = choose(context.backend, partial(context.breakers.of, context.service.name), context.chance)
    context.backend_url = backend.url
    return backend


def _timeout(statement: ForwardRequest, place: Place) -> Callable[[Context], float]:
    if statement.timeout_ms is not None:
        milliseconds = number_of(statement.timeout_ms, place)
        return lambda context: milliseconds(context) / MILLISECONDS
    return number_of(DEFAULT_TIMEOUT if statement.timeout is None else statement.timeout, place)


async def _send(context: Context, timeout: float, *, follow: bool) -> httpx.Response:  # noqa: ASYNC109 - the policy's word
    request = _request(context)
    try:
        async with asyncio.timeout(timeout):
            return await context.client.send(request, stream=True, follow_redirects=follow)
    except TimeoutError:
        raise GatewayError(
            INTERNAL,
            "Timeout",
            f"The backend {request.url.host} sent no response headers within {timeout:g} seconds.",
        ) from None
    except (httpx.HTTPError, httpx.InvalidURL, ExceptionGroup) as error:
        reason = error.exceptions[0] if isinstance(error, ExceptionGroup) else error  # a port beyond 65535
        raise GatewayError(
            INTERNAL,
            "BackendConnectionFailure",
            f"No connection to the backend {request.url.host}:{request.url.port or ''}: {reason}",
        ) from error


def _request(context: Context) -> httpx.Request:
    if context.backend_url is None:
        raise GatewayError(
            INTERNAL,
            "BackendNotFound",
            "The API has no service URL and no set-backend-service policy: there is nothing to forward to.",
        )
    request = context.request
    query = f"?{request.url.query_string}" if request.url.query_string else ""
    url = (
        context.backend_url.rstrip("/") + "/" * bool(request.url.path) + request.url.path.lstrip("/") + query
    )
    try:
        return httpx.Request(
            request.method,
            url,
            headers=_headers(request.headers, request.host),
            content=request.body,
            extensions={
                "timeout": {"connect": None, "read": IDLE_TIMEOUT, "write": IDLE_TIMEOUT, "pool": None}
            },
        )
    except (httpx.InvalidURL, ValueError) as error:
        raise GatewayError(
            INTERNAL, "BackendConnectionFailure", f"'{context.backend_url}' is not a URL: {error}"
        ) from error


def _headers(headers: Headers, caller_host: str) -> list[tuple[bytes, bytes]]:
    """Return what is passed on: all but the caller's `Host` and the length."""
    passed = Headers(headers)
    passed.delete("Content-Length")
    passed.delete("Expect")  # the gateway has answered it: it holds the whole body
    if passed.get("Host") == caller_host:
        passed.delete("Host")
    return encoded(passed)


async def _received(response: httpx.Response, *, buffered: bool) -> Response:
    """Read a response: whole, or its headers now and its body while the caller gets it."""
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
    result = Response(response.status_code, Headers(Headers(fields).end_to_end()))
    if not buffered:
        result.stream, result.close = response.aiter_raw(), response.aclose
        return result
    try:
        result.body = b"".join([chunk async for chunk in response.aiter_raw()])
    except httpx.HTTPError as error:
        raise GatewayError(
            INTERNAL,
            "BackendConnectionFailure",
            f"The backend broke off in the middle of its response: {error}",
        ) from error
    finally:
        await response.aclose()
    return result
