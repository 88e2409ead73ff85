"""The call that tries a model, and the line to paste."""

import shlex

import pytest

from laptop.call import Call, DeployedVersion, example_call, send
from laptop.errors import LaptopError
from shared.contracts.contract import Contract, Operation, Representation, Request
from tests.unit.laptop.conftest import Replies


def _deployed() -> DeployedVersion:
    return DeployedVersion("churn", "v1", {"predict": "http://gateway/churn/v1/predict"}, "http://model")


def _call(url: str) -> Call:
    return Call(_deployed(), "POST", url, "application/json", {"text": "it's"}, "secret-key", ())


def _contract(example: str | None) -> Contract:
    request = Request("A body.", (Representation("application/json", "Body", example),))
    return Contract(
        (Operation("predict", "POST", "/predict", "/infer", "Predict", "Predicts.", request, ()),)
    )


def test_the_contracts_example_becomes_the_call() -> None:
    call = example_call(_deployed(), _contract("example"), "k")
    assert (call.method, call.url, call.body) == ("POST", "http://gateway/churn/v1/predict", "example")
    assert call.operations == ("POST http://gateway/churn/v1/predict",)


def test_a_contract_without_an_example_is_told() -> None:
    with pytest.raises(LaptopError, match="churn v1 has no example request"):
        example_call(_deployed(), _contract(None), "k")


def test_the_line_survives_quotes() -> None:
    words = shlex.split(_call("http://gateway/predict").curl())
    assert words[:3] == ["curl", "-s", "http://gateway/predict"]
    assert words[-1] == '{"text": "it\'s"}'
    assert "Ocp-Apim-Subscription-Key: secret-key" in words


def test_the_key_is_not_shown_by_accident() -> None:
    assert "secret-key" not in repr(_call("http://gateway"))


def test_the_answer_is_the_models(replies: Replies) -> None:
    replies.answer("POST /predict", 200, {"outputs": [1]})
    assert send(_call(f"{replies.url}/predict")).body == {"outputs": [1]}


@pytest.mark.parametrize(
    ("status", "text", "told"), [(500, "{}", "it gave 500"), (200, "<html>", "which is not JSON")]
)
def test_any_other_answer_is_told_with_the_logs(replies: Replies, status: int, text: str, told: str) -> None:
    replies.answers["POST /predict"] = (status, text)
    with pytest.raises(LaptopError, match=rf"{told}.*\.local/logs/azure\.log"):
        send(_call(f"{replies.url}/predict"))


def test_no_answer_is_told(nobody: str) -> None:
    with pytest.raises(LaptopError, match="does not answer as it should"):
        send(_call(nobody))


def test_a_used_up_limit_is_told_as_that(replies: Replies) -> None:
    replies.answers["POST /predict"] = (429, "{}")
    with pytest.raises(LaptopError, match=r"its limit is used up for now.*models/churn/model\.yaml"):
        send(_call(f"{replies.url}/predict"))
