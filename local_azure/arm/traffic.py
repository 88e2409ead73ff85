"""What befalls a request around its being carried out: a conflict, a fault on request, the time that Azure takes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus

from local_azure.arm.conflicts import Conflicts
from local_azure.arm.errors import ArmError
from local_azure.arm.faults import Faults
from local_azure.arm.latency import seconds
from local_azure.arm.messages import Answer, ArmRequest, Failure


class Traffic:
    """The way of every request; waiting holds up nobody else. It belongs to one event loop."""

    def __init__(
        self,
        carry_out: Callable[[ArmRequest], Awaitable[Answer]],
        latency: float = 0.0,
        faults: Faults | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Multiply the write times of the service by `latency`; `now` tells the time in seconds."""
        self._carry_out = carry_out
        self._latency = latency
        self._faults = faults or Faults()
        self._conflicts = Conflicts(now)
        self._now = now

    async def answer(self, request: ArmRequest) -> Answer | None:
        """Return the answer, None when there is to be none and the connection is to be cut."""
        try:
            whole = self._conflicts.enter(request)
        except ArmError as error:
            return Answer(error.status, error.body(), error.headers)
        until = 0.0
        try:
            rule = self._faults.strike(request)
            if rule and rule.answer:
                return rule.answer.told()
            if rule and rule.cut == "before":
                return None
            if rule and rule.delay:
                await asyncio.sleep(rule.delay)
            failure = (
                Failure(rule.operation.code, rule.operation.message) if rule and rule.operation else None
            )
            end = self._now() + seconds(request) * self._latency
            answer = await self._carry_out(replace(request, until=end, failure=failure))
            if "Azure-AsyncOperation" in answer.headers:
                until = end
            elif answer.status < HTTPStatus.BAD_REQUEST:
                await asyncio.sleep(end - self._now())
            return None if rule and rule.cut == "after" else answer
        finally:
            self._conflicts.leave(whole, until)
