"""A local Azure over HTTP, in this process: requests can meet on their way."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx
from pydantic import JsonValue

from local_azure.arm.app import arm_app
from local_azure.arm.engine import Engine
from local_azure.arm.faults import Faults
from local_azure.arm.types import REGISTRY
from tests.unit.arm.local_arm import SITE, LocalArm, newest_version

T = TypeVar("T")


@dataclass(frozen=True)
class Served:
    """A client of the application."""

    client: httpx.AsyncClient

    async def send(self, method: str, path: str, body: JsonValue = None) -> httpx.Response:
        """Send a request to ARM, which matches whatever is there."""
        params = {"api-version": newest_version(path)}
        headers = {"Authorization": "Bearer anyone"} | ({} if method == "PUT" else {"If-Match": "*"})
        return await self.client.request(method, path, json=body, params=params, headers=headers)

    async def rules(self, *rules: JsonValue) -> httpx.Response:
        """Put rules into force."""
        return await self.client.put("/faults", json={"rules": list(rules)})


def serving(arm: LocalArm, use: Callable[[Served], Awaitable[T]], latency: float = 0.0) -> T:
    """Serve the state of `arm` with faults on, and return what `use` makes of it."""

    async def run() -> T:
        app = arm_app(Engine(arm.store, REGISTRY, SITE).handle, {}, latency, Faults())
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8400", timeout=60
        ) as client:
            return await use(Served(client))

    return asyncio.run(run())
