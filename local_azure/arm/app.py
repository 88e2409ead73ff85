"""Azure Resource Manager over HTTP.

Requests are carried out one after another in a thread of their own: a write waits for the disk without
holding up the gateway, which shares the process. What happens to them before and after is in traffic.py.
"""

import asyncio
import json
import logging
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from local_azure.arm.errors import ArmError
from local_azure.arm.fault_control import fault_control
from local_azure.arm.faults import Faults
from local_azure.arm.messages import Answer, ArmRequest
from local_azure.arm.traffic import Traffic

_LOG = logging.getLogger("local_azure.arm")

CUT = "cut"
"""Key in a connection's ASGI state of what cuts the connection."""

_HOSTS = ("127.0.0.1", "localhost")
"""A page on the web can have a name of its own lead to the loopback address: its requests name another host."""


def arm_app(
    handle: Callable[[ArmRequest], Answer],
    told: Mapping[str, str],
    latency: float = 0.0,
    faults: Faults | None = None,
    beside: Sequence[BaseRoute] = (),
) -> ASGIApp:
    """Return the application: `handle` answers ARM's requests, `/health` tells that the server is up.

    `/health` needs no token and tells what is in `told`, so that a launcher knows whom it met. The write times of the
    service are imitated, multiplied by `latency`. With `faults`, `/faults` takes rules that make requests go wrong.
    The routes `beside` are served before ARM's own paths.
    Requests that name another host than this machine are refused (400).
    """
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="arm")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        worker.shutdown()

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", **told})

    async def carry_out(request: ArmRequest) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(worker, _answer, handle, request)

    traffic = Traffic(carry_out, latency, faults)

    async def arm(scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        try:
            request = await _incoming(Request(scope, receive))
        except ClientDisconnect:
            return
        try:
            answer = await traffic.answer(request)
        except asyncio.CancelledError:  # the server ends, and what waits for Azure's time waits no longer
            answer = None
        milliseconds = (time.perf_counter() - started) * 1000
        told_status = "cut" if answer is None else f"{answer.status:d}"
        _LOG.info("%s %s %s %.0f ms", request.method, quote(request.path), told_status, milliseconds)
        if answer is None:
            scope["state"][CUT]()
            await receive()  # returns when the connection is gone, so that nobody answers after all
        else:
            await _response(answer)(scope, receive, send)

    routes = [Route("/health", health), *beside, *(fault_control(faults) if faults else ())]
    # Not a route of its own: a route's pattern would leave out paths that hold a line break.
    router = Router(routes, default=arm, lifespan=lifespan)
    return TrustedHostMiddleware(router, _HOSTS, www_redirect=False)


async def _incoming(request: Request) -> ArmRequest:
    return ArmRequest(
        method=request.method,
        path=str(request.scope["path"]),
        query={name.lower(): value for name, value in request.query_params.items()},
        content=await request.body(),
        authorization=request.headers.get("authorization", ""),
        if_match=request.headers.get("if-match", ""),
    )


def _answer(handle: Callable[[ArmRequest], Answer], request: ArmRequest) -> Answer:
    """Return the answer; what goes wrong here is told as ARM tells it, and the log has the rest."""
    try:
        return handle(request)
    except sqlite3.Error as error:
        _LOG.exception("the state could not be written")
        message = f"The local Azure cannot keep its state: {error}."
    except Exception:
        _LOG.exception("%s %s failed", request.method, quote(request.path))
        message = "The local Azure failed on this request; its log tells where."
    refusal = ArmError(500, "InternalServerError", message)
    return Answer(refusal.status, refusal.body())


def _response(answer: Answer) -> Response:
    request_id = str(uuid.uuid4())
    headers = {"x-ms-request-id": request_id, "x-ms-correlation-request-id": request_id, **answer.headers}
    if answer.body is None or answer.status == HTTPStatus.NO_CONTENT:
        return Response(status_code=answer.status, headers=headers)
    content = json.dumps(answer.body, ensure_ascii=False).encode()
    return Response(content, answer.status, headers, "application/json; charset=utf-8")
