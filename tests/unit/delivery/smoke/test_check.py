"""What an answer must be to pass, and how each fault is told."""

import httpx
import pytest

from delivery.smoke.check import fault
from tests.unit.delivery.smoke import samples


def _answer(status: int, text: str, media_type: str = "application/json") -> httpx.Response:
    return httpx.Response(status, text=text, headers={"Content-Type": media_type})


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; charset=utf-8"])
def test_an_answer_that_fits_the_contract_passes(media_type: str) -> None:
    assert fault(samples.call(), _answer(200, samples.GOOD, media_type)) is None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_answer(401, "no"), "the gateway does not let its smoke subscription in: 401 no"),
        (_answer(403, ""), "the gateway does not let its smoke subscription in: 403"),
        (_answer(500, "out of\n memory"), "it gave 500 out of memory"),
        (_answer(202, samples.GOOD), "it gave 202, which the contract does not have: it has 200"),
        (
            _answer(200, samples.GOOD, "text/html"),
            "its answer is of the media type text/html, and the contract says application/json",
        ),
        (_answer(200, "<html>"), "its answer is not JSON: <html>"),
        (_answer(200, "[" * 100_000), f"its answer is not JSON: {'[' * 300}..."),
        (
            _answer(200, '{"label": 1}'),
            "its answer does not fit the contract: at $.label, 1 is not of type 'string'",
        ),
    ],
)
def test_each_fault_is_told(answer: httpx.Response, told: str) -> None:
    assert fault(samples.call(), answer) == told


@pytest.mark.parametrize(
    "text",
    [samples.KEY, f'{{"label": ["{samples.KEY}"]}}', "x" * 290 + samples.KEY],
)
@pytest.mark.parametrize("status", [200, 401, 500])
def test_a_model_that_answers_with_the_key_does_not_bring_it_into_a_report(status: int, text: str) -> None:
    told = fault(samples.call(), _answer(status, text)) or ""
    assert told
    assert samples.KEY[:8] not in told


def test_an_answer_does_not_write_on_the_terminal() -> None:
    assert fault(samples.call(), _answer(500, "\x1b[31mred\x07")) == "it gave 500 ?[31mred?"
