"""The folders of a fleet, and what is refused."""

import shutil
from pathlib import Path

import pytest

from benchmarks import fleet
from benchmarks.__main__ import main
from benchmarks.errors import BenchmarkError
from benchmarks.scratch import ROOT
from laptop import models
from local_azure.model_servers import finding, training


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with the repository's models and environments."""
    for folder in ("models", "environments"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def trained(tmp_path: Path) -> dict[str, Path]:
    """What the training of each model wrote, here a text that tells which."""
    folder, file = tmp_path / "saved", tmp_path / "iris-species.joblib"
    folder.mkdir()
    (folder / "MLmodel").write_text("diabetes-progression")
    file.write_text("iris-species")
    return {"diabetes-progression": folder, "iris-species": file}


def test_the_folders_are_valid_and_alternate_between_kinds(root: Path, trained: dict[str, Path]) -> None:
    made = fleet.add_models(root, 4, trained)

    assert made == ("fleet-001", "fleet-002", "fleet-003", "fleet-004")
    assert models.choose(root, "local", made) == made  # descriptions, contracts and names are checked
    assert [(root / "models" / name / "contracts" / "v1.json").is_file() for name in made] == [
        False,
        True,
        False,
        True,
    ]


def test_each_folder_can_be_served_under_its_own_name_by_what_was_trained_once(
    root: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    fleet.add_models(root, 2, trained)
    served = {model.name: model for model in finding.find_models(root / "models")}
    python = tmp_path / "bin"
    python.mkdir()
    (python / "python").symlink_to(ROOT / ".venv" / "bin" / "python")
    lock = tmp_path / "lock"
    lock.touch()

    for name, origin, written in (
        ("fleet-001", "diabetes-progression", "model/MLmodel"),
        ("fleet-002", "iris-species", "model.joblib"),
    ):
        assert training.prepare(served[name], python, lock, tmp_path / "repository", print)
        assert (tmp_path / "repository" / name / written).read_text() == origin


@pytest.mark.parametrize("count", [-1, 0, fleet.MOST + 1])
def test_a_fleet_of_another_size_is_refused(
    count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fleet", "--into", str(tmp_path / "fleet"), "--", str(count)]) == 1
    assert f"A fleet has 1 to 500 models, not {count}" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_refused_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").touch()

    assert main(["fleet", "2", "--into", str(tmp_path)]) == 1
    assert f"--into {tmp_path}: is not empty. Name a folder that is" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_in_the_repository_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "2", "--into", str(ROOT / "models" / "mine")]) == 1
    assert "lies in this repository" in capsys.readouterr().err
    assert not (ROOT / "models" / "mine").exists()


def test_a_tree_without_models_is_told(root: Path) -> None:
    shutil.rmtree(root / "models")
    with pytest.raises(BenchmarkError, match="There is no model in models/"):
        fleet.add_models(root, 1, {})
