"""The call that a contract's example describes, and the line to paste."""

import shlex
import subprocess
from dataclasses import replace

from delivery.smoke.call import Call, DeployedVersion, Example, example_of
from delivery.smoke.tokens import AccessToken
from shared.contracts.contract import Contract, Parameter, ParameterPlace
from tests.unit.delivery.smoke import samples


def test_the_contracts_example_is_what_is_sent() -> None:
    assert example_of(samples.CONTRACT) == samples.EXAMPLE


def test_a_contract_without_an_example_has_none() -> None:
    assert example_of(Contract((replace(samples.OPERATION, request=None),))) is None


def test_the_url_and_the_operations_are_the_gateways() -> None:
    call = samples.call()
    assert call.url == "http://gateway/churn/v1/predict"
    assert call.operations == ("POST http://gateway/churn/v1/predict",)


def test_the_line_survives_quotes() -> None:
    words = shlex.split(samples.call().curl())
    assert words[:3] == ["curl", "-s", "http://gateway/churn/v1/predict"]
    assert words[-1] == '{"text": "it\'s"}'
    assert f"Ocp-Apim-Subscription-Key: {samples.KEY}" in words


def test_the_key_is_not_shown_by_accident() -> None:
    assert samples.KEY not in repr(samples.call())


def test_the_line_tells_the_version_where_the_url_does_not() -> None:
    url = "http://gateway/churn/predict"
    deployed = DeployedVersion(
        "churn", "v1", {"predict": url}, {"main": "http://model"}, "/churn", {"Api-Version": "v1"}
    )
    words = shlex.split(replace(samples.call(), deployed=deployed).curl())
    assert words[2] == url
    assert "Api-Version: v1" in words


def test_the_line_fetches_a_token_and_shows_none() -> None:
    token = AccessToken("the-token", "echo another-token")
    line = replace(samples.call(), key=None, token=token).curl()
    assert "the-token" not in line
    assert "Ocp-Apim-Subscription-Key" not in line
    asked = line.replace("curl -s", "printf '%s\\n'", 1)
    printed = subprocess.run(["sh", "-c", asked], capture_output=True, text=True, check=True).stdout
    assert "Authorization: Bearer another-token" in printed.splitlines()


def test_neither_key_nor_token_is_in_a_repr() -> None:
    shown = repr(replace(samples.call(), token=AccessToken("the-token", "")))
    assert "the-token" not in shown
    assert samples.KEY not in shown


def test_the_line_survives_a_query() -> None:
    url = "http://gateway/churn/predict?api-version=v1&x=*"
    deployed = DeployedVersion("churn", "v1", {"predict": url}, {"main": "http://model"}, "/churn")
    assert shlex.split(replace(samples.call(), deployed=deployed).curl())[2] == url
    assert f"'{url}'" in replace(samples.call(), deployed=deployed).curl()


def test_a_call_has_what_the_contract_asks_for_outside_the_body() -> None:
    parameters = (
        Parameter("tenant", ParameterPlace.PATH, "", required=True, schema={}, example="a/b"),
        Parameter("top", ParameterPlace.QUERY, "", required=True, schema={}, example=3),
        Parameter("lang", ParameterPlace.QUERY, "", required=False, schema={}, example="de"),
        Parameter("x-trace", ParameterPlace.HEADER, "", required=True, schema={}),
    )
    operation = replace(samples.OPERATION, parameters=parameters)
    contract = replace(samples.CONTRACT, operations=(operation,))
    example = example_of(contract)
    assert example is not None
    for url, sent in (
        ("http://gateway/churn/v1/{tenant}", "http://gateway/churn/v1/a%2Fb?top=3"),
        ("http://gateway/churn/{tenant}?v=v1", "http://gateway/churn/a%2Fb?v=v1&top=3"),
    ):
        deployed = DeployedVersion("churn", "v1", {"predict": url}, {"main": "http://model"}, "/churn")
        call = Call(deployed, contract, example, samples.KEY)
        assert call.url == sent
        assert call.headers["x-trace"] == "example"


def test_a_body_that_is_no_json_is_sent_as_it_is() -> None:
    call = replace(samples.call(), example=Example(samples.OPERATION, "text/csv", "@age,bmi"))
    assert call.example.text == "@age,bmi"
    assert "--data-raw @age,bmi" in call.curl()


def test_the_line_names_a_method_that_is_not_that_of_a_body() -> None:
    example = replace(samples.EXAMPLE, operation=replace(samples.OPERATION, method="PUT"))
    assert replace(samples.call(), example=example).curl().startswith("curl -s -X PUT http://gateway/")
