"""Takes back the lock that a killed update left on a stack.

Only for a file backend, whose locks name the process that holds them, and only after that process has ended.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from pydantic import TypeAdapter, ValidationError

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
    username: str = ""
    timestamp: str = ""

    def __str__(self) -> str:
        """Return who holds it, since when."""
        return f"{self.username}@{self.hostname} (process {self.pid}, since {self.timestamp})"

    @property
    def is_elsewhere(self) -> bool:
        """Return whether its process is one of another machine, of which nothing is known here."""
        return self.hostname != socket.gethostname()

    def is_held(self) -> bool:
        """Return whether its engine may still work: it runs, or it is one of another machine.

        Another program that has got the id of an engine that ended, as after a restart of the machine, holds nothing.
        """
        if self.is_elsewhere:
            return True
        try:
            return psutil.Process(self.pid).name().startswith(_ENGINE)
        except psutil.NoSuchProcess:
            return False


_LOCK = TypeAdapter(Lock)
_NOBODY = Lock(pid=0, hostname=socket.gethostname())


def recover(stack: StackId, backend: str, report: Callable[[str], None], stop: threading.Event) -> bool:
    """Unlock `stack` when the update that locked it was killed. What that had begun stays written in the state.

    `report` takes a line for each thing that is done. Return whether the stack is free now: False where somebody
    works on it, or where the backend does not tell who, or `stop` is set meanwhile.
    """
    if not backend.startswith(_FILE_BACKEND):
        return False
    folder = Path(backend.removeprefix(_FILE_BACKEND))
    if not await_engines(folder, stack, report, stop):
        return False
    # One by one, not all of them as `pulumi cancel` does: by now another delivery may have locked the stack.
    for file, lock in _lock_files(folder, stack):
        if not lock.is_held():
            report(f"removing the lock of an update that was killed: {lock}")
            file.unlink(missing_ok=True)
            file.with_name(f"{file.name}.attrs").unlink(missing_ok=True)
    return True


def await_engines(
    folder: Path, stack: StackId, report: Callable[[str], None], stop: threading.Event | None = None
) -> bool:
    """Wait until no engine works on `stack` of the file backend at `folder`.

    Return False when one goes on too long, or is one of another machine, or `stop` is set meanwhile.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    stop = stop or threading.Event()
    is_told = False
    while held := next((lock for lock in locks(folder, stack) if lock.is_held()), None):
        if held.is_elsewhere or time.monotonic() > deadline:
            return False
        if not is_told:  # once: what is reported stays on the terminal
            report(f"waiting for the update of {held}")
            is_told = True
        if stop.wait(_PAUSE_SECONDS):
            return False
    return True


def lock_folder(folder: Path, stack: StackId) -> Path:
    """Return where the file backend at `folder` keeps the locks of `stack`."""
    return folder / ".pulumi" / "locks" / "organization" / stack.project / stack.name


def locks(folder: Path, stack: StackId) -> tuple[Lock, ...]:
    """Return the locks of `stack` in the file backend at `folder`."""
    return tuple(lock for _, lock in _lock_files(folder, stack))


def _lock_files(folder: Path, stack: StackId) -> Iterator[tuple[Path, Lock]]:
    """Yield each file of a lock, and the lock.

    One that a full disk or a failing machine left unreadable names nobody: its process is taken for ended.
    """
    for file in lock_folder(folder, stack).glob("*.json"):
        try:
            yield file, _LOCK.validate_json(file.read_bytes())
        except FileNotFoundError:
            continue  # taken back meanwhile
        except ValidationError:
            yield file, _NOBODY
