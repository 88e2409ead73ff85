"""Which models are served by what, and their training on first use."""

import os
import re
import sys
from pathlib import Path

import pytest

from local_azure.model_servers.errors import ModelServerError
from local_azure.model_servers.finding import find_models
from local_azure.model_servers.training import ServedModel, Server, forget_others, prepare
from tests.support.small_disk import small_disk

# Stands for a training that takes a while: writes a line per run, so that a test can count the runs.
_TRAIN = """
import pathlib, sys
pathlib.Path(sys.argv[1]).write_text("trained")
open({runs!r}, "a").write("run\\n")
"""

# Stands for a training that saves an MLflow model.
_SAVE = """
import pathlib, sys
folder = pathlib.Path(sys.argv[1])
folder.mkdir()
(folder / "MLmodel").write_text("flavors: {}")
"""


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    tools = tmp_path / "environment"
    tools.mkdir()
    (tools / "python").symlink_to(sys.executable)
    return tools


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "lock.txt"
    file.write_text("libraries==1")
    return file


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def model(tmp_path: Path, runs: Path) -> ServedModel:
    source = tmp_path / "models" / "churn" / "server"
    source.mkdir(parents=True)
    (source / "train.py").write_text(_TRAIN.format(runs=str(runs)))
    (source / "model-settings.json").write_text('{"name": "churn"}')
    return ServedModel("churn", source, Server.MLSERVER)


def _silent(_doing: str) -> None:
    return None


def test_models_with_a_server_folder_are_found(model: ServedModel, tmp_path: Path) -> None:
    (tmp_path / "models" / "without-server").mkdir()
    assert find_models(tmp_path / "models") == (model,)


@pytest.mark.parametrize(
    ("settings", "told"),
    [("{", "is no JSON object"), ('{"name": "iris"}', '`name` is "iris"; it must be "churn"')],
)
def test_settings_that_name_another_model_are_refused(
    model: ServedModel, tmp_path: Path, settings: str, told: str
) -> None:
    (model.source / "model-settings.json").write_text(settings)
    with pytest.raises(
        ModelServerError, match=rf"models/churn/server/model-settings\.json: {re.escape(told)}"
    ):
        find_models(tmp_path / "models")


@pytest.fixture
def of_mlflow(model: ServedModel) -> ServedModel:
    """A model whose training saves it as MLflow would."""
    (model.source / "model-settings.json").unlink()
    (model.source / "train.py").write_text(_SAVE)
    return ServedModel("churn", model.source, Server.MLFLOW)


def test_a_training_without_settings_of_mlserver_is_one_for_mlflow(
    of_mlflow: ServedModel, tmp_path: Path
) -> None:
    assert find_models(tmp_path / "models") == (of_mlflow,)


def test_an_mlflow_model_is_a_folder_that_its_training_writes(
    of_mlflow: ServedModel, environment: Path, lock: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    assert prepare(of_mlflow, environment, lock, repository, _silent)
    assert not prepare(of_mlflow, environment, lock, repository, _silent)
    assert (repository / "churn" / "model" / "MLmodel").read_text() == "flavors: {}"


def test_a_training_that_saves_no_mlflow_model_is_told_what_is_expected(
    of_mlflow: ServedModel, environment: Path, lock: Path, tmp_path: Path
) -> None:
    (of_mlflow.source / "train.py").write_text("")
    with pytest.raises(
        ModelServerError, match=r"train\.py wrote no MLflow model .* add model-settings\.json for MLServer"
    ):
        prepare(of_mlflow, environment, lock, tmp_path / "repository", _silent)


def test_a_saved_mlflow_model_is_served_without_training(
    of_mlflow: ServedModel, environment: Path, lock: Path, tmp_path: Path
) -> None:
    (of_mlflow.source / "train.py").unlink()
    (of_mlflow.source / "model" / "data").mkdir(parents=True)
    (of_mlflow.source / "model" / "MLmodel").write_text("flavors: {}")
    weights = of_mlflow.source / "model" / "data" / "weights"
    weights.write_text("1")
    told: list[str] = []
    repository = tmp_path / "repository"
    assert find_models(tmp_path / "models") == (of_mlflow,)
    assert prepare(of_mlflow, environment, lock, repository, told.append)
    assert told == []
    assert (repository / "churn" / "model" / "data" / "weights").read_text() == "1"
    weights.write_text("2")
    assert prepare(of_mlflow, environment, lock, repository, told.append)
    assert (repository / "churn" / "model" / "data" / "weights").read_text() == "2"


def test_a_folder_with_neither_is_not_served(of_mlflow: ServedModel, tmp_path: Path) -> None:
    (of_mlflow.source / "train.py").unlink()
    assert find_models(tmp_path / "models") == ()


def test_a_model_is_trained_once(
    model: ServedModel, environment: Path, lock: Path, runs: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    assert prepare(model, environment, lock, repository, _silent)
    assert not prepare(model, environment, lock, repository, _silent)
    assert runs.read_text() == "run\n"
    assert (repository / "churn" / "model.joblib").read_text() == "trained"
    assert (repository / "churn" / "model-settings.json").read_text() == '{"name": "churn"}'


@pytest.mark.parametrize("changed", ["source", "libraries"])
def test_other_sources_or_libraries_train_it_anew(
    model: ServedModel, environment: Path, lock: Path, tmp_path: Path, changed: str
) -> None:
    prepare(model, environment, lock, tmp_path / "repository", _silent)
    file = lock if changed == "libraries" else model.source / "train.py"
    file.write_text(file.read_text() + "\n# changed\n")
    assert prepare(model, environment, lock, tmp_path / "repository", _silent)


def test_a_training_that_fails_leaves_the_earlier_model(
    model: ServedModel, environment: Path, lock: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    prepare(model, environment, lock, repository, _silent)
    (model.source / "train.py").write_text("raise SystemExit('the data set is gone')")
    with pytest.raises(ModelServerError, match=r"train\.py failed: mend it\.\nthe data set is gone"):
        prepare(model, environment, lock, repository, _silent)
    assert (repository / "churn" / "model.joblib").read_text() == "trained"
    assert [path.name for path in tmp_path.glob("repository*")] == ["repository"]


def test_a_training_for_whose_model_there_is_no_room_leaves_the_earlier_model(
    model: ServedModel, environment: Path, lock: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", megabytes=1) as disk:
        repository = disk.seen(disk.folder) / "repository"
        prepare(model, environment, lock, repository, _silent)
        (model.source / "train.py").write_text(
            "import sys\nwith open(sys.argv[1], 'wb') as file: file.write(bytes(4 << 20))"
        )
        with pytest.raises(ModelServerError, match="No space left on device"):
            prepare(model, environment, lock, repository, _silent)
        assert (repository / "churn" / "model.joblib").read_text() == "trained"
        assert [path.name for path in repository.parent.iterdir()] == ["repository"]


@pytest.mark.parametrize("moment", [1.0, 4e9])
def test_times_of_files_decide_nothing(
    model: ServedModel, environment: Path, lock: Path, tmp_path: Path, moment: float
) -> None:
    repository = tmp_path / "repository"
    prepare(model, environment, lock, repository, _silent)
    for file in (model.source / "train.py", repository / "churn" / "model.joblib"):
        os.utime(file, (moment, moment))
        assert not prepare(model, environment, lock, repository, _silent)
    (model.source / "train.py").write_text((model.source / "train.py").read_text() + "\n# changed\n")
    os.utime(model.source / "train.py", (moment, moment))
    assert prepare(model, environment, lock, repository, _silent)


def test_what_a_killed_training_or_another_layout_left_is_removed(
    model: ServedModel, environment: Path, lock: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    (tmp_path / "repository-unfinished" / "churn").mkdir(parents=True)
    for folder in ("churn", "old-layout/1"):
        (repository / folder).mkdir(parents=True)
        (repository / folder / "model-settings.json").write_text("{")
    forget_others([model], repository)
    assert list(repository.iterdir()) == []
    assert prepare(model, environment, lock, repository, _silent)
    assert [path.name for path in tmp_path.glob("repository*")] == ["repository"]


def test_a_model_that_left_the_tree_is_forgotten(
    model: ServedModel, environment: Path, lock: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    prepare(model, environment, lock, repository, _silent)
    (repository / "settings.json").write_text("{}")
    forget_others([model], repository)
    assert (repository / "churn").is_dir()
    forget_others([], repository)
    assert [path.name for path in repository.iterdir()] == ["settings.json"]
