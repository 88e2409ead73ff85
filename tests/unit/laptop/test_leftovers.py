"""Programs whose engine was killed, known by where they work."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from laptop.leftovers import end_leftovers_below


@pytest.fixture
def language_host(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A language host that no engine has started, at work in the repository `tmp_path/ours`."""
    folder = tmp_path / "ours" / "stacks" / "model"
    folder.mkdir(parents=True)
    program = tmp_path / "pulumi-language-python"
    shutil.copy(shutil.which("sleep") or "sleep", program)
    with subprocess.Popen([program, "60"], cwd=folder) as running:
        yield running
        running.kill()


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
