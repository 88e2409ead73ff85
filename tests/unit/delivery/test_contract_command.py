import json
from collections.abc import Callable
from pathlib import Path

import pytest

from delivery.contract.command import main
from delivery.contract.gateway import default_url
from delivery.errors import DeliveryError
from laptop import contracting
from laptop.layout import Layout
from laptop.ports import Ports, remember
from shared.environments import REPOSITORY

_MODEL = """
owner: plant-science@contoso.example
summary: Tells the species.
kind: open-inference-protocol
versions:
  v1: {contract: contracts/v1.json, deployments: {main: {endpoint: "http://127.0.0.1:1"}}}
  v2: {contract: contracts/v1.json, deployments: {main: {endpoint: "http://127.0.0.1:1"}}}
access: {products: [trial]}
limits: {calls: 10, renewal-period: 60}
"""
_METADATA = {
    "name": "iris",
    "inputs": [{"name": "x", "datatype": "FP64", "shape": [-1, 4]}],
    "outputs": [{"name": "y", "datatype": "INT64", "shape": [-1]}],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("environments/local.yaml", "environments/prod.yaml", "stacks/platform/Pulumi.prod.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((REPOSITORY / name).read_bytes())
    (tmp_path / "models/iris/contracts").mkdir(parents=True)
    (tmp_path / "models/iris/model.yaml").write_text(_MODEL)
    (tmp_path / "models/iris/contracts/v1.json").write_text(json.dumps(_METADATA))
    return tmp_path


@pytest.fixture
def run(root: Path) -> Callable[..., int]:
    return lambda *arguments: main(arguments, root, lambda environment: f"https://{environment}.example")


def test_every_version_is_written_and_the_files_are_told(
    run: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("iris") == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        f".delivery/contracts/iris/{version}/{name}"
        for version in ("v1", "v2")
        for name in ("openapi.json", "page.md")
    ]
    document = json.loads((root / told[2]).read_text())
    assert document["servers"] == [{"url": "https://local.example/iris/v2"}]
    assert (root / told[3]).read_text().startswith("# iris v2\n")


def test_one_version_can_be_named(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("iris", "v1") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(
    ("wanted", "begins"),
    [
        ("openapi", '{\n  "openapi"'),
        ("page", "# iris v1"),
        ("call", "curl -sS https://local.example/iris/v1/"),
    ],
)
def test_one_document_can_be_printed(
    run: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str], wanted: str, begins: str
) -> None:
    assert run("iris", "v1", "--format", wanted) == 0
    assert capsys.readouterr().out.startswith(begins)
    assert not (root / ".delivery").exists()


def test_a_gateway_with_a_domain_of_its_own_can_be_named(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("iris", "v1", "--format", "call", "--gateway", "https://models.contoso.example/") == 0
    assert capsys.readouterr().out.startswith("curl -sS https://models.contoso.example/iris/v1/predict")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("iriss",), 'There is no model "iriss". Did you mean'),
        (("iris", "v3"), 'models/iris has no version "v3". It has: v1, v2.'),
        (("iris", "--env", "prd"), 'There is no environment "prd".'),
        (
            ("iris", "--format", "page"),
            "--format page prints one version, and models/iris has v1, v2. Name one of them.",
        ),
    ],
)
def test_a_wrong_request_is_told(
    run: Callable[..., int],
    root: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    assert run(*arguments) == 1
    assert capsys.readouterr().err.startswith(sentence)
    assert not (root / ".delivery").exists()


def test_the_address_of_a_gateway_follows_from_the_settings(root: Path) -> None:
    assert default_url("prod", root) == "https://apim-models-prod-mzusm2.azure-api.net"


def test_settings_without_a_workload_are_told(root: Path) -> None:
    (root / "stacks/platform/Pulumi.prod.yaml").write_text("config: {}\n")
    with pytest.raises(DeliveryError, match="`platform:workload` is missing"):
        default_url("prod", root)


def test_the_local_gateway_is_where_it_was_last_started(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    remember(Layout(root).run, Ports(8600))
    monkeypatch.setattr(contracting, "__file__", str(root / "laptop" / "contracting.py"))
    monkeypatch.setattr("sys.argv", ["contract", "iris", "v1", "--format", "call"])
    assert contracting.run() == 0
    assert "http://127.0.0.1:8601/iris/v1/predict" in capsys.readouterr().out
