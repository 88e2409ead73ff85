"""Programs whose engine was killed, known by where they work."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from laptop.deliveries import context
from laptop.layout import Layout
from laptop.leftovers import end_leftovers_below, told


@pytest.fixture
def language_host(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[bytes]"]:
    """A language host that no engine has started, at work in the repository `tmp_path/ours`, for a minute or less."""
    seconds = getattr(request, "param", "60")
    with _started(tmp_path, seconds) as running:
        yield running
        running.kill()


def _started(folder: Path, seconds: str) -> "subprocess.Popen[bytes]":
    project = folder / "ours" / "stacks" / "model"
    project.mkdir(parents=True)
    program = folder / "pulumi-language-python"
    shutil.copy(shutil.which("sleep") or "sleep", program)
    return subprocess.Popen([program, seconds], cwd=project)


def test_a_language_host_without_an_engine_is_ended(
    tmp_path: Path, language_host: "subprocess.Popen[bytes]"
) -> None:
    assert end_leftovers_below(tmp_path / "ours") == 1
    assert not psutil.pid_exists(language_host.pid)


def test_that_of_another_repository_is_left_alone(
    tmp_path: Path, language_host: "subprocess.Popen[bytes]"
) -> None:
    assert end_leftovers_below(tmp_path / "other") == 0
    assert language_host.poll() is None


@pytest.mark.parametrize("language_host", ["0.2"], indirect=True)
def test_one_that_ends_by_itself_in_a_moment_is_none_that_was_left_behind(
    tmp_path: Path, language_host: "subprocess.Popen[bytes]"
) -> None:
    assert end_leftovers_below(tmp_path / "ours") == 0
    assert language_host.wait(timeout=10) == 0, "it ended by itself"


def test_how_many_there_were_is_told() -> None:
    assert told(0) == ""
    assert told(1) == "Ended a program that a killed engine had left behind."
    assert told(2) == "Ended 2 programs that a killed engine had left behind."


def test_what_an_engine_that_failed_has_left_is_ended_with_the_delivery(tmp_path: Path) -> None:
    deliveries = context(Layout(tmp_path / "ours"), Console(file=io.StringIO()))
    with deliveries.alone("dev"):
        left = _started(tmp_path, "60")
    assert not psutil.pid_exists(left.pid)
    left.wait()
