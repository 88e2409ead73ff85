"""Which programs run in the process of a preview, and which need one of their own."""

from pathlib import Path

import pytest

from delivery import program


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one program, which this process takes for its own."""
    folder = tmp_path / "stacks" / "model"
    folder.mkdir(parents=True)
    (folder / "__main__.py").write_text("raise LookupError(__name__)")
    monkeypatch.setattr(program, "_OWN_ROOT", tmp_path)
    return tmp_path


def test_a_program_runs_here_as_it_would_alone(root: Path) -> None:
    run = program.of(root, "model")
    assert run is not None
    with pytest.raises(LookupError, match="__main__"):
        run()


def test_the_program_of_another_tree_needs_its_own_process(root: Path) -> None:
    assert program.of(root / "other", "model") is None


@pytest.mark.parametrize("module", ["names.py", "parts/names.py"])
def test_a_program_with_modules_beside_it_needs_its_own_process(root: Path, module: str) -> None:
    file = root / "stacks" / "model" / module
    file.parent.mkdir(exist_ok=True)
    file.touch()
    assert program.of(root, "model") is None
