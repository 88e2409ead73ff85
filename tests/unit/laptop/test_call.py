"""The call at the end of `./dev local`, and what is told when it fails."""

from dataclasses import replace

import httpx
import pytest
from rich.console import Console

from delivery.smoke.call import Call, DeployedVersion, Example
from laptop import summary
from laptop.call import listens, send, silent_endpoints
from laptop.errors import LaptopError
from shared.contracts.contract import Contract, Operation, Representation, Response
from tests.support.replies import Replies


def _call(url: str) -> Call:
    answer = Response(200, "An answer.", (Representation("application/json", "Body"),))
    operation = Operation("predict", "POST", "/predict", "/infer", "Predict", "Predicts.", None, (answer,))
    deployed = DeployedVersion("churn", "v1", {"predict": url}, {"main": "http://model"}, "/sub")
    contract = Contract((operation,), {"Body": {"type": "object"}})
    return Call(deployed, contract, Example(operation, "application/json", {"text": "it's"}), "secret-key")


def test_the_answer_is_the_models(replies: Replies) -> None:
    replies.answer("POST /predict", 200, {"outputs": [1]})
    assert send(_call(f"{replies.url}/predict")).json() == {"outputs": [1]}


@pytest.mark.parametrize(
    ("status", "text", "told"),
    [(500, "{}", "it gave 500"), (200, "<html>", "is not JSON"), (200, "[]", "does not fit the contract")],
)
def test_any_other_answer_is_told_with_the_logs(replies: Replies, status: int, text: str, told: str) -> None:
    replies.answers["POST /predict"] = (status, text)
    with pytest.raises(LaptopError, match=rf"{told}.*\.local/logs/azure\.log"):
        send(_call(f"{replies.url}/predict"))


def test_no_answer_is_told(nobody: str) -> None:
    with pytest.raises(LaptopError, match="does not answer as it should"):
        send(_call(nobody))


def test_a_used_up_limit_is_told_as_that(replies: Replies) -> None:
    replies.answers["POST /predict"] = (httpx.codes.TOO_MANY_REQUESTS, "{}")
    with pytest.raises(LaptopError, match=r"its limit is used up for now.*models/churn/model\.yaml"):
        send(_call(f"{replies.url}/predict"))


def test_it_is_seen_whether_anything_listens_at_an_endpoint(replies: Replies, nobody: str) -> None:
    assert listens(f"{replies.url}/below")
    assert not listens(nobody)
    assert not listens("https://no-such-host.invalid")


def test_endpoints_are_silent_when_nothing_listens_at_any_of_them(replies: Replies, nobody: str) -> None:
    call = _call(nobody)

    def at(**endpoints: str) -> Call:
        return replace(call, deployed=replace(call.deployed, endpoints=endpoints))

    assert silent_endpoints(at(main=nobody)) == (nobody,)
    assert silent_endpoints(at(main=nobody, canary=replies.url)) == ()
    assert silent_endpoints(at()) == ()  # a retired version: the gateway itself answers


def test_a_version_that_nothing_serves_yet_is_shown_with_what_is_missing(nobody: str) -> None:
    call = _call(f"{nobody}/predict")
    call = replace(call, deployed=replace(call.deployed, endpoints={"main": "http://127.0.0.1:9"}))
    console = Console(record=True, width=200)
    summary.show(console, "http://gateway", [(call, None)], [])
    shown = console.export_text()
    assert f"curl -s {nobody}/predict" in shown
    assert "Nothing answers at http://127.0.0.1:9 yet: start the model's server there" in shown
