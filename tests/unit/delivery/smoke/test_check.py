"""What an answer must be to pass, and how each fault is told."""

from dataclasses import replace

import httpx
import pytest

from delivery.smoke.check import fault
from shared.contracts.contract import Representation, Response
from shared.model.lifecycle import Stage
from tests.unit.delivery.smoke import samples


def _answer(status: int, text: str, media_type: str = "application/json") -> httpx.Response:
    return httpx.Response(status, text=text, headers={"Content-Type": media_type})


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; charset=utf-8"])
def test_an_answer_that_fits_the_contract_passes(media_type: str) -> None:
    assert fault(samples.call(), _answer(200, samples.GOOD, media_type)) is None


def test_an_answer_that_the_contract_gives_as_text_is_not_read_as_json() -> None:
    answered = Response(200, "The answer.", (Representation("text/csv", "Answer"),))
    operation = replace(samples.OPERATION, responses=(answered,))
    call = replace(samples.call(), example=replace(samples.EXAMPLE, operation=operation))
    assert fault(call, _answer(200, "label\na", "text/csv")) is None
    assert fault(call, _answer(200, samples.GOOD)) is not None


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


_ENDING = {
    "Deprecation": "@1795478400",
    "Sunset": "Mon, 31 May 2027 23:59:59 GMT",
    "Link": '</docs>; rel="help", </churn/v2>; rel="successor-version"',
}
_REFUSAL = '{"statusCode": 410, "message": "Version v1 of churn is retired. Use version v2: /churn/v2"}'


def _ending(status: int, text: str, **changed: str | None) -> httpx.Response:
    headers = {name: value for name, value in {**_ENDING, **changed}.items() if value is not None}
    return httpx.Response(status, text=text, headers={"Content-Type": "application/json", **headers})


def test_a_deprecated_version_answers_and_says_that_it_ends() -> None:
    assert fault(samples.ending(Stage.DEPRECATED), _ending(200, samples.GOOD)) is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"Sunset": None},
            "the header Sunset of its answer is missing: it must be Mon, 31 May 2027 23:59:59 GMT",
        ),
        ({"Deprecation": "@1"}, "the header Deprecation of its answer is @1: it must be @1795478400"),
        (
            {"Link": "</x>"},
            'the header Link of its answer is </x>: it must be </churn/v2>; rel="successor-version"',
        ),
    ],
)
def test_a_deprecated_version_that_does_not_say_so_fails(changed: dict[str, str | None], told: str) -> None:
    answer = _ending(200, samples.GOOD, **changed)
    assert fault(samples.ending(Stage.DEPRECATED), answer) == f"it is deprecated, and {told}"


def test_a_retired_version_refuses_with_its_successor() -> None:
    assert fault(samples.ending(Stage.RETIRED), _ending(410, _REFUSAL)) is None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_ending(200, samples.GOOD), f"it is retired, and gave 200 instead of 410 {samples.GOOD}"),
        (_ending(404, "no"), "it is retired, and gave 404 instead of 410 no"),
        (_ending(410, "gone"), "its answer is not JSON: gone"),
        (
            _ending(410, _REFUSAL, Link=None),
            (
                "it is retired, and the header Link of its answer is missing: "
                'it must be </churn/v2>; rel="successor-version"'
            ),
        ),
    ],
)
def test_a_retired_version_that_answers_otherwise_fails(answer: httpx.Response, told: str) -> None:
    assert fault(samples.ending(Stage.RETIRED), answer) == told
