"""Which models are deployed, and with which endpoint."""

import json
import shutil
from pathlib import Path

import pytest

from laptop import model_servers, models
from laptop.errors import LaptopError
from laptop.ports import Ports
from shared import environments
from shared.documents import DocumentError

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with the example model and the environments."""
    shutil.copytree(_ROOT / "models", tmp_path / "models")
    shutil.copytree(_ROOT / "environments", tmp_path / "environments")
    (tmp_path / "stacks" / "model").mkdir(parents=True)
    return tmp_path


def test_all_models_are_chosen_unless_some_are_named(root: Path) -> None:
    assert models.choose(root, "local", []) == ("diabetes-progression", "iris-species")
    assert models.choose(root, "local", ["iris-species", "iris-species"]) == ("iris-species",)


def test_an_unknown_model_is_refused(root: Path) -> None:
    with pytest.raises(DocumentError, match="Did you mean `iris-species`"):
        models.choose(root, "local", ["iris-specie"])


def test_a_tree_without_models_says_what_to_add(root: Path) -> None:
    shutil.rmtree(root / "models")
    with pytest.raises(LaptopError, match=r"There is no model in models/: .*docs/adding-a-model\.md"):
        models.choose(root, "local", [])


def test_a_contract_that_names_another_model_than_its_server_is_refused(root: Path) -> None:
    contract = root / "models" / "iris-species" / "contracts" / "v1.json"
    contract.write_text(contract.read_text().replace("iris-species", "wine-kind"))
    with pytest.raises(
        LaptopError, match=r'contracts/v1\.json: `name` is "wine-kind"; it must be "iris-species"'
    ):
        models.choose(root, "local", [])


def test_a_pair_of_schemas_is_called_by_its_request(root: Path) -> None:
    folder = root / "models" / "iris-species"
    pair = {"request": "contracts/v1.request.json", "response": "contracts/v1.response.json"}
    for file in pair.values():
        (folder / file).write_text('{"type": "object"}')
    text = (folder / "model.yaml").read_text().replace("kind: open-inference-protocol", "kind: json-schema")
    (folder / "model.yaml").write_text(text.replace("contracts/v1.json", json.dumps(pair)))
    with pytest.raises(LaptopError, match=r"^models/iris-species/contracts/v1\.request\.json: "):
        models.choose(root, "local", ["iris-species"])


def test_a_contract_that_is_no_mlflow_signature_is_refused_where_mlflow_serves_the_model(root: Path) -> None:
    (root / "models" / "iris-species" / "server" / "model-settings.json").unlink()
    with pytest.raises(
        LaptopError,
        match=r"models/iris-species/contracts/v1\.json: is no MLflow signature, .* add model-settings\.json",
    ):
        models.choose(root, "local", [])


def test_a_model_with_a_server_folder_is_served_by_this_machine(root: Path) -> None:
    assert model_servers.endpoint(root, "iris-species", Ports(8000)) == "http://127.0.0.1:8002"
    assert (
        model_servers.endpoint(root, "diabetes-progression", Ports(8000))
        == "http://127.0.0.1:8005/diabetes-progression"
    )


def test_a_model_without_one_keeps_the_endpoint_of_its_description(root: Path) -> None:
    shutil.rmtree(root / "models" / "iris-species" / "server")
    assert model_servers.endpoint(root, "iris-species", Ports(8000)) is None


def test_the_stack_file_is_rendered_from_the_environment(root: Path) -> None:
    models.render_stack_file(root, "iris-species", "local", "http://127.0.0.1:8002")
    written = (root / "stacks" / "model" / "Pulumi.iris-species.local.yaml").read_text()
    assert written == environments.render_model_stack(
        environments.load("local", root), endpoint="http://127.0.0.1:8002"
    )


def test_a_deployed_model_whose_folder_is_gone_is_noticed(root: Path, tmp_path: Path) -> None:
    checkpoints = tmp_path / "state" / ".pulumi" / "stacks" / "model"
    checkpoints.mkdir(parents=True)
    for name in ("iris-species.local", "gone.local", "gone.dev"):
        (checkpoints / f"{name}.json").touch()
    assert models.without_folder(root, "local", tmp_path / "state") == ("gone",)
