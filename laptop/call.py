"""The call that shows at the end of `./dev local` that a model answers, with where to look when it does not."""

import asyncio

import httpx

from delivery import web
from delivery.smoke.call import Call
from delivery.smoke.check import fault
from delivery.smoke.run import TIMEOUT_SECONDS
from laptop.errors import LaptopError


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


async def _sent(call: Call) -> httpx.Response:
    async with web.client(TIMEOUT_SECONDS) as client:
        return await call.send(client)


def _no_answer(call: Call, reason: str) -> LaptopError:
    servers = ", ".join(f"{name} at {url}" for name, url in call.deployed.endpoints.items())
    itself = f"Where it answers itself: {servers}. " if servers else ""
    return LaptopError(
        f"{call.deployed} is deployed, but {call.example.operation.method} {call.url} does not answer as it should: "
        f"{reason}. {itself}See .local/logs/azure.log and .local/logs/model-server.log."
    )
