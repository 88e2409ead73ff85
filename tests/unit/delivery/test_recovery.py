"""Who holds a stack's lock, and whether that process still works."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from delivery import recovery, stacks
from delivery.recovery import Lock, locks

_STACK = stacks.platform("local")


def test_a_lock_names_the_process_that_holds_it(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "platform" / "local"
    folder.mkdir(parents=True)
    (folder / "1.json").write_text(
        json.dumps({"pid": 42, "username": "a", "hostname": "host", "timestamp": "t"})
    )
    assert locks(tmp_path, _STACK) == (Lock(42, "host"),)
    assert locks(tmp_path, stacks.foundation("local")) == ()


def test_a_running_engine_holds_its_lock(tmp_path: Path) -> None:
    engine = tmp_path / "pulumi"
    shutil.copy(shutil.which("sleep") or "sleep", engine)
    with subprocess.Popen([engine, "60"]) as running:
        try:
            assert Lock(running.pid, socket.gethostname()).is_held()
        finally:
            running.kill()


def test_another_program_with_the_id_of_an_ended_engine_holds_nothing() -> None:
    assert not Lock(os.getpid(), socket.gethostname()).is_held()


@pytest.mark.parametrize("content", ["", '{"pid": 4', "[]", '{"pid": 42}'])
def test_a_lock_that_was_not_written_whole_is_held_by_nobody(tmp_path: Path, content: str) -> None:
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "platform" / "local"
    folder.mkdir(parents=True)
    (folder / "1.json").write_text(content)
    (lock,) = locks(tmp_path, _STACK)
    assert not lock.is_held()


def test_an_ended_process_holds_nothing() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not Lock(ended.pid, socket.gethostname()).is_held()


def test_a_process_of_another_machine_may_still_work() -> None:
    assert Lock(1, "another.example").is_held()


def test_waiting_for_an_engine_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = iter([True, True, True, False])
    folder = recovery.lock_folder(tmp_path, _STACK)
    folder.mkdir(parents=True)
    (folder / "1.json").write_text(json.dumps({"pid": 1, "hostname": socket.gethostname()}))
    monkeypatch.setattr(Lock, "is_held", lambda _: next(held))
    monkeypatch.setattr(recovery, "_PAUSE_SECONDS", 0)
    told: list[str] = []
    assert recovery.await_engines(tmp_path, _STACK, told.append)
    assert told == ["waiting for the update that works on it"]
