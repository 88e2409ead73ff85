"""The call that shows at the end of `./dev local` that a model answers, with where to look when it does not."""

import asyncio
import socket

import httpx

from delivery import web
from delivery.smoke.call import Call
from delivery.smoke.check import fault
from delivery.smoke.run import TIMEOUT_SECONDS
from laptop.errors import LaptopError

_CONNECT_SECONDS = 3.0
_PORTS = {"http": 80, "https": 443}


def send(call: Call) -> httpx.Response:
    """Make the call; return the answer, which is what the contract promises.

    Raises LaptopError with the reason when anything else comes back.
    """
    try:
        answer = asyncio.run(_sent(call))
    except httpx.HTTPError as error:
        raise _no_answer(call, str(error) or repr(error)) from error
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise LaptopError(
            f"{call.deployed} is deployed, and its limit is used up for now: {call.url} gave 429 "
            f"{answer.text}. The limit is `limits` in models/{call.deployed.model}/model.yaml."
        )
    if reason := fault(call, answer):
        raise _no_answer(call, reason)
    return answer


def silent_endpoints(call: Call) -> tuple[str, ...]:
    """Return where the version's servers would answer, when nothing listens at any of these places."""
    endpoints = tuple(call.deployed.endpoints.values())
    return () if any(listens(endpoint) for endpoint in endpoints) else endpoints


def listens(endpoint: str) -> bool:
    """Return whether anything takes connections at the endpoint."""
    url = httpx.URL(endpoint)
    address = (url.host, url.port or _PORTS[url.scheme])
    try:
        with socket.create_connection(address, timeout=_CONNECT_SECONDS):
            return True
    except OSError:
        return False


async def _sent(call: Call) -> httpx.Response:
    async with web.client(TIMEOUT_SECONDS) as client:
        return await call.send(client)


def _no_answer(call: Call, reason: str) -> LaptopError:
    servers = ", ".join(f"{name} at {url}" for name, url in call.deployed.endpoints.items())
    itself = f"Where it answers itself: {servers}. " if servers else ""
    return LaptopError(
        f"{call.deployed} is deployed, but {call.example.operation.method} {call.url} does not answer as it should: "
        f"{reason}. {itself}"
        "See .local/logs/azure.log, and model-server.log (MLServer) or mlflow-server.log beside it."
    )
