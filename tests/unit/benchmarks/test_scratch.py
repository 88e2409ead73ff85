"""What a copy of the repository holds, and how it uses the environments of the original."""

import subprocess
from pathlib import Path

import pytest

import noxfile
from benchmarks.scratch import Scratch, copy_repository
from tools import bootstrap
from tools.guards import tree


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return copy_repository(tmp_path_factory.mktemp("copy"))


def test_a_copy_holds_what_is_or_could_be_committed(copy: Scratch) -> None:
    copied = {file.relative_to(copy.root) for file in copy.root.rglob("*") if file.is_file()}
    kept = {file for file in copied if file.parts[0] not in (".venv", ".dev")}
    assert kept == set(tree.files(tree.ROOT))


def test_a_copy_imports_its_own_packages_from_any_folder(copy: Scratch, tmp_path: Path) -> None:
    program = "import pulumi, shared.environments; print(shared.environments.REPOSITORY)"
    printed = subprocess.run(
        [copy.root / ".venv" / "bin" / "python", "-c", program],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == f"{copy.root}\n"


def test_the_environments_of_a_copy_are_current(copy: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    (venv, of_venv), (dev, of_dev) = (
        (copy.root / name / "stamp", tree.ROOT / name / "stamp") for name in (".venv", ".dev")
    )
    monkeypatch.setattr(bootstrap, "ROOT", copy.root)
    assert dev.read_text() == bootstrap.stamp()
    assert venv.read_text() == of_venv.read_text().replace(str(noxfile.ROOT), str(copy.root))
    assert of_dev.read_text() != dev.read_text()
