"""Real servers on loopback for the gateway's tests: a backend that tells what it got, and the gateway."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from local_azure.entra.issuing import Issuer
from local_azure.gateway.app import gateway_app
from local_azure.gateway.compiler import CompiledService, compile_service
from local_azure.gateway.configuration import Service
from local_azure.serve import server_config

INTERNAL = 500


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free loopback port; yield its URL."""
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it an answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


def free_url() -> str:
    """Return a URL on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


@dataclass
class Received:
    """One request as the backend got it."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name.lower()]


@dataclass
class Backend:
    """A backend that records requests and answers as it is told."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """None answers with a JSON document that echoes the request's body."""
    release: threading.Event = field(default_factory=threading.Event)
    """What `/slow` waits for, and the second chunk of `/stream`."""

    @property
    def last(self) -> Received:
        return self.received[-1]

    def app(self) -> Starlette:
        async def answer(request: Request) -> Response:
            body = await request.body()
            headers = [(key.decode(), value.decode("latin-1")) for key, value in request.headers.raw]
            path = request.scope["raw_path"].decode()
            query = request.scope["query_string"].decode()
            self.received.append(Received(request.method, path, query, headers, body))
            if path.endswith("/slow"):
                await asyncio.to_thread(self.release.wait, 10)
            if path.endswith("/stream"):
                return StreamingResponse(self._chunks(), media_type="text/event-stream")
            if self.body is not None:
                return Response(self.body, self.status, dict(self.headers))
            echo = {"echo": body.decode("latin-1")}
            return JSONResponse(echo, self.status, dict(self.headers))

        methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PURGE"]
        return Starlette(routes=[Route("/{path:path}", answer, methods=methods)])

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.to_thread(self.release.wait, 10)
        yield b"second"


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Gateway:
    """The gateway under test, and a client of it."""

    issuer: Issuer
    """Who signs the access tokens that it takes."""

    clock: Clock
    services: dict[str, CompiledService]
    client: httpx.Client

    def deploy(self, service: Service) -> None:
        self.services[service.name] = compile_service(service)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=_named(headers))

    def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        named = {"content-type": "application/json", **_named(headers)}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(path, content=content, headers=named)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Serve a gateway without services."""
    clock, services = Clock(), dict[str, CompiledService]()
    issuer = Issuer(generate_private_key(65_537, 2_048))
    with (
        served(gateway_app(lambda: services, clock, seed=1, token_keys=issuer.keys)) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=20) as client,
    ):
        yield Gateway(issuer, clock, services, client)


def error(response: httpx.Response) -> tuple[int, str]:
    """Return status and message of an error in the service's flat body."""
    body = response.json()
    told = {"statusCode", "message"} | ({"activityId"} if response.status_code == INTERNAL else set())
    assert set(body) == told
    assert body["statusCode"] == response.status_code
    assert response.headers["content-type"] == "application/json"
    return response.status_code, body["message"]
