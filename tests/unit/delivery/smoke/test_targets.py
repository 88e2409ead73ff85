"""What there is to call: what is deployed and described."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from delivery.errors import DeliveryError
from delivery.smoke.record import SmokeOutcome, SmokeResult
from delivery.smoke.targets import Target, targets

_ROOT = Path(__file__).parents[4]
_MODEL = "iris-species"
_OUTPUTS: Mapping[str, JsonValue] = {
    "operation_urls": {"v1": {"predict": "http://gateway/iris-species/v1/predict"}},
    "version_headers": {"v1": {"Api-Version": "v1"}},
    "endpoints": {"v1": {"main": "http://model"}},
    "smoke_subscriptions": {"v1": "/smoke"},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("models", "environments"):
        shutil.copytree(_ROOT / folder, tmp_path / folder)
    return tmp_path


def _found(
    root: Path, outputs: Mapping[str, JsonValue] | None, model: str = _MODEL
) -> tuple[Target | SmokeResult, ...]:
    return tuple(targets("dev", model, outputs, root))


def _not_called(root: Path, outputs: Mapping[str, JsonValue] | None, model: str = _MODEL) -> SmokeResult:
    (result,) = (each for each in _found(root, outputs, model) if isinstance(each, SmokeResult))
    assert result.outcome is SmokeOutcome.NOT_CALLED
    return result


def test_a_deployed_version_is_called_with_its_example(root: Path) -> None:
    (target,) = _found(root, _OUTPUTS)
    assert isinstance(target, Target)
    assert (target.owner, str(target.deployed)) == ("plant-science@contoso.example", "iris-species v1")
    assert (target.deployed.subscription, target.deployed.headers) == ("/smoke", {"Api-Version": "v1"})
    assert target.announced is None
    assert target.example.body == {
        "inputs": [{"name": "features", "shape": [1, 4], "datatype": "FP64", "data": [5.1, 3.5, 1.4, 0.2]}]
    }


@pytest.mark.parametrize("outputs", [None, {}])
def test_a_model_that_is_not_deployed_is_reported(
    root: Path, outputs: Mapping[str, JsonValue] | None
) -> None:
    assert _not_called(root, outputs).reason == "it is not deployed in dev"


def test_a_deployed_model_without_a_folder_is_reported(root: Path) -> None:
    result = _not_called(root, _OUTPUTS, "gone")
    assert (str(result), result.reason) == ("gone", "it is deployed, and has no folder in models/")


def test_a_retired_version_is_called_for_its_refusal_though_no_server_is_behind_it(root: Path) -> None:
    file = root / "models" / _MODEL / "model.yaml"
    file.write_text(f"lifecycle: retired\n{file.read_text()}")
    (target,) = _found(root, {**_OUTPUTS, "endpoints": {}})
    assert isinstance(target, Target)
    assert target.announced is not None
    assert target.announced.is_retired
    assert target.deployed.endpoints == {}
    assert [response.status for response in target.example.operation.responses if response.status == 410]


def test_a_deployed_version_that_nobody_describes_is_reported(root: Path) -> None:
    both = {name: value | {"v2": value["v1"]} for name, value in _OUTPUTS.items() if isinstance(value, dict)}
    result = _not_called(root, both)
    assert (str(result), result.owner) == ("iris-species v2", "plant-science@contoso.example")
    assert result.reason == "it is deployed, and models/iris-species/model.yaml does not describe it"


def test_a_version_without_an_example_is_reported_with_the_key_to_add(root: Path) -> None:
    folder = root / "models" / _MODEL
    contract = json.loads((folder / "contracts" / "v1.json").read_text())
    contract["inputs"][0]["shape"] = [-1, 4000]  # too long for an example of the contract's own
    (folder / "contracts" / "v1.json").write_text(json.dumps(contract))
    described = (folder / "model.yaml").read_text()
    example = described[described.index("    example:") : described.index("access:")]
    (folder / "model.yaml").write_text(described.replace(example, "\n"))
    assert _not_called(root, _OUTPUTS).reason == (
        "its contract has no example: add `versions.v1.example` to models/iris-species/model.yaml"
    )


def test_a_description_that_is_wrong_fails(root: Path) -> None:
    (root / "models" / _MODEL / "model.yaml").write_text("owner: nobody\n")
    (result,) = _found(root, _OUTPUTS)
    assert isinstance(result, SmokeResult)
    assert result.outcome is SmokeOutcome.FAILED
    assert "models/iris-species/model.yaml" in result.reason


@pytest.mark.parametrize(
    "outputs",
    [
        {"smoke_subscriptions": {"v1": "/s"}},
        {**_OUTPUTS, "version_headers": {}},
        {**_OUTPUTS, "endpoints": "[secret]"},
    ],
)
def test_a_stack_that_exports_something_else_says_what_to_do(
    root: Path, outputs: Mapping[str, JsonValue]
) -> None:
    with pytest.raises(DeliveryError, match=r"The stack of iris-species does not export .* `\./dev up`"):
        _found(root, outputs)
