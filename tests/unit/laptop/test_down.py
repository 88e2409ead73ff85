"""Ending everything and forgetting its state."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from laptop.down import down, reset
from laptop.layout import Layout


def _console() -> Console:
    return Console(file=StringIO())


def test_down_keeps_the_state(tmp_path: Path) -> None:
    (tmp_path / ".local" / "azure").mkdir(parents=True)
    down(Layout(tmp_path), _console())
    assert (tmp_path / ".local" / "azure").is_dir()


def test_reset_forgets_the_state_and_the_rendered_stack_files(tmp_path: Path) -> None:
    (tmp_path / ".local" / "azure").mkdir(parents=True)
    stacks = tmp_path / "stacks" / "model"
    stacks.mkdir(parents=True)
    (stacks / "Pulumi.churn.local.yaml").touch()
    (stacks / "Pulumi.churn.dev.yaml").touch()
    reset(Layout(tmp_path), _console())
    assert not (tmp_path / ".local").exists()
    assert [path.name for path in stacks.iterdir()] == ["Pulumi.churn.dev.yaml"]


def test_what_an_interrupted_reset_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".local-removing" / "azure").mkdir(parents=True)
    reset(Layout(tmp_path), _console())
    assert not (tmp_path / ".local-removing").exists()
