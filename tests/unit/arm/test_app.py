"""Azure Resource Manager over HTTP."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable

import httpx
import pytest

from local_azure.arm.app import arm_app
from local_azure.arm.messages import Answer, ArmRequest


def _fail_on_the_disk(_request: ArmRequest) -> Answer:
    raise sqlite3.OperationalError("database or disk is full")


def _fail(_request: ArmRequest) -> Answer:
    raise KeyError("a mistake in here")


def _ask(
    handle: Callable[[ArmRequest], Answer],
    method: str,
    path: str,
    content: bytes = b"",
    host: str = "127.0.0.1:7500",
) -> httpx.Response:
    app = arm_app(handle, {"version": "1"})

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            headers = {"Authorization": "Bearer x", "If-Match": '"1"'}
            return await client.request(method, path, content=content, headers=headers)

    return asyncio.run(ask())


def test_a_request_is_read_whole() -> None:
    seen: list[ArmRequest] = []

    def answer(request: ArmRequest) -> Answer:
        seen.append(request)
        return Answer(201, {"name": "é"}, {"ETag": '"1"'})

    told = _ask(answer, "PUT", "/subscriptions/a%20b?API-Version=2024-05-01&format=rawxml", b"{}")
    (request,) = seen
    assert (request.method, request.path, request.content) == ("PUT", "/subscriptions/a b", b"{}")
    assert request.query == {"api-version": "2024-05-01", "format": "rawxml"}
    assert (request.authorization, request.if_match) == ("Bearer x", '"1"')
    assert (told.status_code, told.json(), told.headers["etag"]) == (201, {"name": "é"}, '"1"')
    assert told.headers["x-ms-request-id"] == told.headers["x-ms-correlation-request-id"]


@pytest.mark.parametrize("path", ["/subscriptions/a", "/health"])
def test_a_name_that_somebody_else_leads_to_this_machine_is_not_answered(path: str) -> None:
    seen: list[ArmRequest] = []

    def answer(request: ArmRequest) -> Answer:
        seen.append(request)
        return Answer(200, {})

    assert _ask(answer, "GET", path, host="fabrikam.example:7500").status_code == 400
    assert seen == []
    assert _ask(answer, "GET", path, host="localhost:7500").status_code == 200


def test_an_answer_without_body_has_no_content() -> None:
    told = _ask(lambda _: Answer(204), "DELETE", "/subscriptions/a")
    assert (told.status_code, told.content) == (204, b"")


def test_a_disk_that_is_full_is_said_in_arms_shape(caplog: pytest.LogCaptureFixture) -> None:
    told = _ask(_fail_on_the_disk, "PUT", "/subscriptions/a", b"{}")
    assert told.status_code == 500
    assert told.json()["error"] == {
        "code": "InternalServerError",
        "message": "The local Azure cannot keep its state: database or disk is full.",
    }
    assert "could not be written" in caplog.text


def test_a_mistake_in_here_is_logged_and_told_without_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = _ask(_fail, "GET", "/subscriptions/a")
    assert told.status_code == 500
    assert told.json()["error"]["code"] == "InternalServerError"
    assert "a mistake in here" not in told.text
    assert "a mistake in here" in caplog.text
