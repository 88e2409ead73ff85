"""Who holds a stack's lock, and whether that process still works."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
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
    assert locks(tmp_path, _STACK) == (Lock(42, "host", "a", "t"),)
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
    lock = {"pid": 1, "hostname": socket.gethostname(), "username": "ada", "timestamp": "noon"}
    (folder / "1.json").write_text(json.dumps(lock))
    monkeypatch.setattr(Lock, "is_held", lambda _: next(held))
    monkeypatch.setattr(recovery, "_PAUSE_SECONDS", 0)
    told: list[str] = []
    assert recovery.await_engines(tmp_path, _STACK, told.append)
    assert told == [f"waiting for the update of ada@{socket.gethostname()} (process 1, since noon)"]


def test_nobody_waits_for_an_engine_of_another_machine(tmp_path: Path) -> None:
    lock_of(tmp_path, pid=1, hostname="another.example")
    told: list[str] = []
    assert not recovery.recover(_STACK, f"file://{tmp_path}", told.append, threading.Event())
    assert told == []
    assert len(locks(tmp_path, _STACK)) == 1


def test_nobody_waits_any_more_once_the_delivery_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_of(tmp_path, pid=1, hostname=socket.gethostname())
    monkeypatch.setattr(Lock, "is_held", lambda _: True)
    stop = threading.Event()
    stop.set()
    assert not recovery.await_engines(tmp_path, _STACK, lambda _: None, stop)


def test_only_locks_of_ended_engines_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another delivery may lock the stack between the look at its locks and the removal of one."""
    ended, begun = (lock_of(tmp_path, pid=pid, hostname=socket.gethostname()) for pid in (1, 2))
    monkeypatch.setattr(Lock, "is_held", lambda lock: lock.pid == 2)
    monkeypatch.setattr(recovery, "await_engines", lambda *_: True)
    told: list[str] = []
    assert recovery.recover(_STACK, f"file://{tmp_path}", told.append, threading.Event())
    assert (ended.exists(), begun.exists()) == (False, True)
    assert len(told) == 1


def test_no_lock_of_another_kind_of_backend_is_touched() -> None:
    assert not recovery.recover(_STACK, "azblob://state", lambda _: None, threading.Event())


def lock_of(backend: Path, **content: str | int) -> Path:
    file = recovery.lock_folder(backend, _STACK) / f"{content['pid']}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    return file
