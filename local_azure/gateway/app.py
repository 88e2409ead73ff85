"""The gateway's HTTP side: an ASGI application."""

import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from random import Random
from urllib.parse import quote
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import StreamingResponse
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from local_azure.gateway.access_tokens import TokenKeys
from local_azure.gateway.breakers import Breakers
from local_azure.gateway.compiler import CompiledService
from local_azure.gateway.context import Context
from local_azure.gateway.counters import Clock, Counters
from local_azure.gateway.messages import Headers, Request, Response, Url, encoded
from local_azure.gateway.open_files import allow_connections
from local_azure.gateway.pipeline import NOT_FOUND, respond

logger = logging.getLogger(__name__)

HOST_SUFFIXES = (".azure-api.localhost", ".azure-api.net")
KEEP_ALIVE = 2
"""Seconds an idle connection to a backend is kept: less than the 5 after which uvicorn closes its end."""
MILLISECONDS = 1000
NO_BODY = frozenset({204, 304})
_HOST = re.compile(r"(.*?)(?::(\d{1,5}))?")

Services = Callable[[], Mapping[str, CompiledService]]
"""Returns the services by name, as they are now; called for every request, so it must be cheap."""


def gateway_app(
    services: Services,
    clock: Clock = time.monotonic,
    seed: int | None = None,
    token_keys: TokenKeys | None = None,
) -> ASGIApp:
    """Return the ASGI application that serves every service.

    A request is for the service that its `Host` names, `<service>.azure-api.localhost` or `.azure-api.net` on
    any port, or else for the only one. `clock` is what limits and circuit breakers count seconds by; with a
    `seed`, backend pools make the same choices each time. Access tokens are valid when one of the `token_keys` signed
    them. The server must run the application's lifespan, and
    write no access log of its own: URLs may hold subscription keys.
    """
    gateway = _Gateway(services, clock, seed, token_keys or {})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        allow_connections()
        limits = httpx.Limits(
            max_connections=None, max_keepalive_connections=100, keepalive_expiry=KEEP_ALIVE
        )
        nobodys = CookieJar(DefaultCookiePolicy(allowed_domains=()))  # one caller's are not another's
        async with httpx.AsyncClient(limits=limits, trust_env=False, cookies=nobodys) as client:
            gateway.client = client
            yield

    for client_logger in ("httpx", "httpcore"):
        logging.getLogger(client_logger).setLevel(
            logging.WARNING
        )  # their lines show URLs and headers with keys
    return Router(default=gateway, lifespan=lifespan)


class _Gateway:
    """The endpoint of every path."""

    client: httpx.AsyncClient

    def __init__(self, services: Services, clock: Clock, seed: int | None, token_keys: TokenKeys) -> None:
        self._services, self._token_keys = services, token_keys
        self._chance = Random(seed)  # noqa: S311 - balances load, guards nothing
        self._counters, self._breakers = Counters(clock), Breakers(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        started = time.perf_counter()
        http = HttpRequest(scope, receive)
        try:
            body = await http.body()
        except ClientDisconnect:
            return
        request = _request(http, body)
        services = self._services()
        compiled = _choose(services, request.original_url.host)
        if compiled is None:
            response = _no_service(services, request.original_url.host)
        else:
            context = Context(
                compiled.service,
                uuid4(),
                request,
                self._counters,
                self._breakers,
                self._chance,
                self.client,
                self._token_keys,
            )
            response = await respond(compiled, context)
        spent = (time.perf_counter() - started) * MILLISECONDS
        path = request.original_url.path  # without the query, which may hold a key
        logger.info("%s %s %s %.0f ms", request.method, path, response.status_code, spent)
        await _send(response, http, send)


def _request(http: HttpRequest, body: bytes) -> Request:
    raw = http.scope.get("raw_path")
    path = raw.decode("latin-1") if isinstance(raw, bytes) else quote(http.scope["path"])
    host = http.headers.get("host", "")
    named = _HOST.fullmatch(host)
    name, port = named.groups() if named else ("", None)
    scheme = http.scope["scheme"]
    default = 443 if scheme == "https" else 80
    url = Url(
        scheme,
        name,
        int(port) if port else default,
        path,
        http.scope["query_string"].decode("latin-1"),
    )
    received = Headers((key.decode("latin-1"), value.decode("latin-1")) for key, value in http.headers.raw)
    headers = Headers(received.end_to_end())  # before the policies: what they set is not the caller's to drop
    address = http.client.host if http.client else ""
    return Request(http.method, url, headers, body, address, url, host)


def _choose(services: Mapping[str, CompiledService], host: str) -> CompiledService | None:
    host = host.lower()
    for suffix in HOST_SUFFIXES:
        if host.endswith(suffix):
            wanted = host.removesuffix(suffix)
            return next((found for name, found in services.items() if name.lower() == wanted), None)
    return next(iter(services.values())) if len(services) == 1 else None


def _no_service(services: Mapping[str, CompiledService], host: str) -> Response:
    known = ", ".join(f"{name}{HOST_SUFFIXES[0]}" for name in sorted(services))
    remedy = f"send one of these as Host: {known}" if known else "deploy one first"
    message = f"No API Management service answers to the host '{host}'; {remedy}"
    body = json.dumps({"statusCode": NOT_FOUND, "message": message}).encode()
    return Response(NOT_FOUND, Headers([("Content-Type", "application/json")]), body)


async def _send(response: Response, http: HttpRequest, send: Send) -> None:
    headers = Headers(response.headers)
    headers.delete("Date")  # the server in front writes its own
    if response.stream is not None:
        passing = StreamingResponse(response.stream, response.status_code)
        passing.raw_headers = encoded(headers)
        await _pass(passing, response, http, send)
        return
    if http.method != "HEAD":
        headers.delete("Content-Length")
        if response.status_code not in NO_BODY:
            headers.append("Content-Length", [str(len(response.body))])
    await send({"type": "http.response.start", "status": response.status_code, "headers": encoded(headers)})
    await send({"type": "http.response.body", "body": response.body})


async def _pass(passing: StreamingResponse, response: Response, http: HttpRequest, send: Send) -> None:
    """Pass a body on until it ends, breaks off, or its caller is gone; then the backend is left too."""
    try:
        await passing(http.scope, http.receive, send)
    except httpx.HTTPError as error:
        logger.warning("The backend broke off in the middle of its response: %s", error)
    finally:
        if response.close is not None:
            await response.close()
