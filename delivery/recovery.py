"""Takes back what a killed update left in a stack: its lock and its pending creations.

Only for a file backend, whose locks name the process that holds them, and only after that process has ended.
"""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from pulumi import automation as auto

from delivery.stacks import StackId

_FILE_BACKEND = "file://"
_ENGINE = "pulumi"
# As long as an update of the slowest stack may go on after whoever started it was killed.
_WAIT_SECONDS = 120.0
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Lock:
    """A lock of a stack, as the engine writes it below `.pulumi/locks` of a file backend."""

    pid: int
    hostname: str

    def is_held(self) -> bool:
        """Return whether its engine may still work: it runs, or it is one of another machine.

        Another program that has got the id of an engine that ended, as after a restart of the machine, holds nothing.
        """
        if self.hostname != socket.gethostname():
            return True
        try:
            return psutil.Process(self.pid).name().startswith(_ENGINE)
        except psutil.NoSuchProcess:
            return False


_NOBODY = Lock(pid=0, hostname=socket.gethostname())


def recover(stack: StackId, opened: auto.Stack, backend: str, report: Callable[[str], None]) -> bool:
    """Unlock `stack` when the update that locked it was killed, and drop what that left half created.

    `report` takes a line for each thing that is done. Return whether the stack is free now: False where somebody
    works on it, or where the backend does not tell who.
    """
    if not backend.startswith(_FILE_BACKEND):
        return False
    folder = Path(backend.removeprefix(_FILE_BACKEND))
    if not await_engines(folder, stack, report):
        return False
    if locks(folder, stack):
        report("removing the lock of an update that was killed")
        opened.cancel()
    drop_pending_creates(opened, report)
    return True


def await_engines(folder: Path, stack: StackId, report: Callable[[str], None]) -> bool:
    """Wait until no engine works on `stack` of the file backend at `folder`; return False when one goes on too long."""
    deadline = time.monotonic() + _WAIT_SECONDS
    is_told = False
    while any(lock.is_held() for lock in locks(folder, stack)):
        if time.monotonic() > deadline:
            return False
        if not is_told:  # once: what is reported stays on the terminal
            report("waiting for the update that works on it")
            is_told = True
        time.sleep(_PAUSE_SECONDS)
    return True


def lock_folder(folder: Path, stack: StackId) -> Path:
    """Return where the file backend at `folder` keeps the locks of `stack`."""
    return folder / ".pulumi" / "locks" / "organization" / stack.project / stack.name


def locks(folder: Path, stack: StackId) -> tuple[Lock, ...]:
    """Return the locks of `stack` in the file backend at `folder`.

    One that a full disk or a failing machine left unreadable names nobody: its process is taken for ended.
    """
    found = []
    for file in lock_folder(folder, stack).glob("*.json"):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            found.append(Lock(int(content["pid"]), str(content["hostname"])))
        except (ValueError, KeyError, TypeError):
            found.append(_NOBODY)
    return tuple(found)


def drop_pending_creates(opened: auto.Stack, report: Callable[[str], None]) -> None:
    """Let the engine forget creations of which it does not know whether they happened."""
    pending = (opened.export_stack().deployment or {}).get("pending_operations") or []
    if any(operation["type"] == "creating" for operation in pending):
        report("dropping creations that were cut off")
        opened.refresh(clear_pending_creates=True, color="never")
