"""What is tried again, and how often."""

import asyncio

import httpx
import pytest

from delivery import web


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited."""
    kept: list[float] = []

    async def sleep(seconds: float) -> None:
        kept.append(seconds)

    monkeypatch.setattr(web, "sleep", sleep)  # here alone: servers of other tests sleep in their threads
    return kept


def _tried(*outcomes: httpx.Response | Exception) -> web.Answered:
    left = iter(outcomes)

    async def request() -> httpx.Response:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return asyncio.run(web.persist(request, (1.0, 2.0)))


@pytest.mark.parametrize("status", [404, 408, 429, 500, 503])
def test_what_may_pass_is_tried_again(slept: list[float], status: int) -> None:
    answered = _tried(httpx.Response(status), httpx.Response(status), httpx.Response(200))
    assert (answered.response.status_code, answered.tries) == (200, 3)
    assert slept == [1.0, 2.0]


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 422])
def test_what_is_final_is_not(slept: list[float], status: int) -> None:
    assert _tried(httpx.Response(status)).tries == 1
    assert slept == []


def test_the_last_try_decides(slept: list[float]) -> None:
    answered = _tried(httpx.ConnectError("refused"), httpx.Response(500), httpx.Response(502))
    assert (answered.response.status_code, answered.tries) == (502, 3)
    assert len(slept) == 2


def test_nobody_who_answers_is_an_error_that_knows_how_often(slept: list[float]) -> None:
    with pytest.raises(web.NoAnswerError, match="it takes too long") as raised:
        _tried(httpx.ConnectError("refused"), httpx.ConnectError("refused"), httpx.ReadTimeout(""))
    assert raised.value.tries == 3
    assert len(slept) == 2


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("0", 1.0), ("900", 60.0), ("soon", 1.0)])
def test_the_wait_that_the_gateway_asks_for_is_kept_up_to_a_minute(
    slept: list[float], asked: str, waited: float
) -> None:
    _tried(httpx.Response(429, headers={"Retry-After": asked}), httpx.Response(200))
    assert slept == [waited]


@pytest.mark.parametrize(
    ("url", "is_here"),
    [("http://127.0.0.1:7500", True), ("http://[::1]/x", True), ("http://127.0.0.1.contoso.example", False)],
)
def test_this_machine_is_told_from_others(url: str, is_here: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert web.is_loopback(url) is is_here
