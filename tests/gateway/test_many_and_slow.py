"""Many callers at once, slow ones among them, and large bodies: no call is lost, none waits for another's."""

import asyncio
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from local_azure.gateway.configuration import Operation
from tests.gateway import servers
from tests.gateway.documents import KEY, policy, service
from tests.gateway.servers import Backend, Gateway

CALLS = 2_000
PATIENCE = 60
"""Seconds; a call that was lost is not waited for any longer."""
MEGABYTE = 1_000_000
SOON = 3
"""Seconds within which a small call is answered on a busy machine, whatever others do."""
READY = "/species/v1/ready"


@contextmanager
def few_open_files(limit: int) -> Iterator[None]:
    """Start what follows with a limit of open files as low as shells set it."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def meeting(calls: int) -> Starlette:
    """Return a backend that answers when so many calls are there at once, each with its own number."""
    arrived: set[str] = set()
    complete = asyncio.Event()

    async def answer(request: Request) -> Response:
        arrived.add(request.query_params["number"])
        if len(arrived) == calls:
            complete.set()
        await asyncio.wait_for(complete.wait(), PATIENCE)
        return PlainTextResponse(request.query_params["number"])

    return Starlette(routes=[Route("/ready", answer)])


def head(method: str, target: str, *more: str) -> bytes:
    fields = ("Host: localhost", f"Ocp-Apim-Subscription-Key: {KEY}", "Connection: close", *more)
    return "\r\n".join((f"{method} {target} HTTP/1.1", *fields, "", "")).encode()


async def called(port: int, number: int) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head("GET", f"{READY}?number={number}"))
    answer = await reader.read()
    writer.close()
    return answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(f"\r\n\r\n{number}".encode())


def test_two_thousand_calls_at_once_lose_none() -> None:
    async def all_at_once(port: int) -> list[bool]:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.gather(*(called(port, number) for number in range(CALLS)))

    with few_open_files(256), servers.gateway() as gateway, servers.served(meeting(CALLS)) as url:
        gateway.deploy(service(url))
        port = gateway.client.base_url.port
        assert port is not None
        assert asyncio.run(all_at_once(port)) == [True] * CALLS


@contextmanager
def connected(gateway: Gateway, sent: bytes) -> Iterator[socket.socket]:
    url = gateway.client.base_url
    assert url.port is not None
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect((url.host, url.port))
        connection.sendall(sent)
        yield connection


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(MEGABYTE), b""))


def assert_others_are_served(gateway: Gateway) -> None:
    started = time.monotonic()
    for _ in range(5):
        assert gateway.get(READY, ocp_apim_subscription_key=KEY).status_code == 200
    assert time.monotonic() - started < SOON


def test_large_bodies_pass_both_ways_while_others_are_served(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    backend.body = bytes(range(250)) * (20 * MEGABYTE // 250)

    def exchange() -> bool:
        answer = gateway.post("/species/v1/predict", backend.body, ocp_apim_subscription_key=KEY)
        return answer.status_code == 200 and answer.content == backend.body

    with ThreadPoolExecutor(2) as callers:
        exchanges = [callers.submit(exchange) for _ in range(4)]
        small = [gateway.get("/species/v1/nothing")]
        while not all(large.done() for large in exchanges):
            small.append(gateway.get("/species/v1/nothing"))
    assert [large.result() for large in exchanges] == [True] * 4
    assert {answer.status_code for answer in small} == {404}
    assert max(answer.elapsed.total_seconds() for answer in small) < SOON
    assert [got.body == backend.body for got in backend.received] == [True] * 4


def test_caller_that_sends_slowly_holds_up_nobody(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    started = head("POST", "/species/v1/predict", "Content-Type: application/json", "Content-Length: 10")
    with connected(gateway, started + b'{"a"') as slow:
        assert_others_are_served(gateway)
        assert {got.method for got in backend.received} == {"GET"}
        slow.sendall(b": 123}")
        assert read_all(slow).startswith(b"HTTP/1.1 200 ")
    assert backend.last.body == b'{"a": 123}'


def test_caller_that_goes_in_the_middle_of_its_request_leaves_nothing(
    gateway: Gateway, backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.deploy(service(backend.url))
    with connected(gateway, head("POST", "/species/v1/predict", "Content-Length: 10") + b"half"):
        pass
    assert_others_are_served(gateway)
    assert {got.method for got in backend.received} == {"GET"}
    assert "Traceback" not in caplog.text


def test_caller_that_reads_slowly_holds_up_nobody(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    backend.body = b"x" * 20 * MEGABYTE
    with connected(gateway, head("POST", "/species/v1/predict", "Content-Length: 0")) as slow:
        assert slow.recv(9) == b"HTTP/1.1 "
        backend.body = b"small"
        assert_others_are_served(gateway)
        assert read_all(slow).endswith(b"x" * 20 * MEGABYTE)


def test_unbuffered_response_waits_for_its_caller(gateway: Gateway) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            yield b"x" * (MEGABYTE // 2)
            sent += 1

    async def large(_: Request) -> Response:
        return StreamingResponse(chunks())

    document = policy(backend='<forward-request buffer-response="false" />')
    operations = (Operation("stream", "GET", "/stream"), Operation("nothing", "GET", "/ready"))
    routes = [Route("/stream", large), Route("/ready", lambda _: Response())]
    with servers.served(Starlette(routes=routes)) as url:
        gateway.deploy(service(url, operations=operations, policy=document))
        with connected(gateway, head("GET", "/species/v1/stream")) as slow:
            assert slow.recv(9) == b"HTTP/1.1 "
            assert_others_are_served(gateway)
            time.sleep(0.5)
            assert sent < 50
            assert len(read_all(slow)) > 50 * MEGABYTE
    assert sent == 100
