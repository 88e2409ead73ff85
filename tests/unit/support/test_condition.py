"""What the tests of interruptions look for afterwards: that they would see it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support import condition
from tests.support.clone import Clone

_LISTEN = (
    "import socket, sys; s = socket.create_server(('127.0.0.1', 0)); print(flush=True); sys.stdin.read()"
)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    monkeypatch.setattr(condition, "_PATIENCE_SECONDS", 0.0)
    (tmp_path / ".local/state/.pulumi/locks").mkdir(parents=True)
    return Clone(tmp_path, 1)


def test_where_nothing_was_left_nothing_is_found(clone: Clone) -> None:
    assert condition.left_behind(clone) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".local/state/.pulumi/locks/lock.json", "{}"),
        (".local/run/.ports.json.unfinished-7", "{}"),
        (".local/state/.pulumi/stacks/local.json.tmp", "{}"),
        (".local/state/.pulumi/stacks/local.json", ""),
        (".local-removing", ""),
    ],
)
def test_a_lock_and_a_half_written_file_are_found(clone: Clone, name: str, content: str) -> None:
    file = clone.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    assert condition.left_behind(clone) == [str(file)]


def test_a_held_lock_is_found(clone: Clone) -> None:
    with FileLock(clone.root / ".local.lock"):
        assert condition.left_behind(clone) == ["the lock of the clone"]


def test_a_process_and_its_port_are_found(clone: Clone) -> None:
    variables = {**os.environ, "CLONE": str(clone.root)}
    with subprocess.Popen(
        [sys.executable, "-c", _LISTEN], env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as left:
        assert left.stdout is not None
        left.stdout.readline()
        process, port = condition.left_behind(clone)
        left.kill()
    assert process.startswith(f"process {left.pid}: ")
    assert port.startswith("port ")
