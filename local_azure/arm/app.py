"""Azure Resource Manager over HTTP.

Requests are carried out one after another in a thread of their own: a write waits for the disk without
holding up the gateway, which shares the process.
"""

import asyncio
import json
import logging
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from local_azure.arm.errors import ArmError
from local_azure.arm.messages import Answer, ArmRequest

_LOG = logging.getLogger("local_azure.arm")


def arm_app(handle: Callable[[ArmRequest], Answer], told: Mapping[str, str]) -> ASGIApp:
    """Return the application: `handle` answers ARM's requests, `/health` tells that the server is up.

    `/health` needs no token and tells what is in `told`, so that a launcher knows whom it met.
    """
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="arm")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        worker.shutdown()

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", **told})

    async def arm(scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        try:
            request = await _incoming(Request(scope, receive))
        except ClientDisconnect:
            return
        answer = await asyncio.get_running_loop().run_in_executor(worker, _answer, handle, request)
        milliseconds = (time.perf_counter() - started) * 1000
        _LOG.info("%s %s %d %.0f ms", request.method, quote(request.path), answer.status, milliseconds)
        await _response(answer)(scope, receive, send)

    # Not a route of its own: a route's pattern would leave out paths that hold a line break.
    return Router([Route("/health", health)], default=arm, lifespan=lifespan)


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
