"""Calling many models at once, each as often as it takes."""

import asyncio
from collections.abc import Sequence
from functools import partial

import httpx

from delivery import web
from delivery.errors import DeliveryError
from delivery.management import Management
from delivery.smoke.check import fault
from delivery.smoke.means import call_of
from delivery.smoke.record import SmokeOutcome, SmokeResult
from delivery.smoke.targets import Target

TIMEOUT_SECONDS = 30.0
"""The longest that an answer may take, and a connection."""

_AT_ONCE = 8


async def call_all(
    targets: Sequence[Target | SmokeResult], management: Management, pauses: Sequence[float] = web.PAUSES
) -> tuple[SmokeResult, ...]:
    """Return the result of each target, in their order; what was not to be called stays as it is."""
    free = asyncio.Semaphore(_AT_ONCE)
    async with web.client(TIMEOUT_SECONDS) as client:

        async def result(target: Target | SmokeResult) -> SmokeResult:
            if isinstance(target, SmokeResult):
                return target
            async with free:
                return await _called(target, management, client, pauses)

        return tuple(await asyncio.gather(*map(result, targets)))


async def _called(
    target: Target, management: Management, client: httpx.AsyncClient, pauses: Sequence[float]
) -> SmokeResult:
    deployed = target.deployed
    result = partial(SmokeResult, model=deployed.model, version=deployed.version, owner=target.owner)
    failed = partial(result, outcome=SmokeOutcome.FAILED)
    try:
        call = await call_of(target, management, client, pauses)
    except DeliveryError as error:
        return failed(reason=str(error))
    if not web.is_private(call.url):
        return failed(url=call.url, reason="its key or token would be sent unencrypted, and was not")
    try:
        answered = await web.persist(partial(call.send, client), pauses)
    except web.NoAnswerError as error:
        return failed(url=call.url, tries=error.tries, reason=f"the gateway does not answer ({error})")
    reason = fault(call, answered.response)
    return result(
        outcome=SmokeOutcome.ANSWERED if reason is None else SmokeOutcome.FAILED,
        url=call.url,
        status=answered.response.status_code,
        milliseconds=round(answered.milliseconds, 1),
        tries=answered.tries,
        reason=reason or "",
    )
