"""Programs that go on in the background after `./dev local`: started, recognised later, ended by id."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from delivery.files import write_whole

_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.1
_MOMENT_SECONDS = 0.005
_LOOKS = 10
_MARK = "MODEL_GATEWAY_BACKGROUND"


@dataclass(frozen=True)
class Background:
    """One named program of this clone that runs in the background.

    `run` holds its record, `logs` its output.
    """

    name: str
    run: Path
    logs: Path

    @property
    def log(self) -> Path:
        """What the program prints; that of the run before is kept beside it."""
        return self.logs / f"{self.name}.log"

    def process(self) -> psutil.Process | None:
        """Return the running process, or None when it was never started or has ended.

        It is known by a variable of its environment: ids are used again, and start times move with the system's
        clock. So it is found without its record too, which a kill or a full disk may have kept from being written.
        """
        recorded = self._recorded()
        if recorded is not None and self._is_marked_soon(recorded):
            return recorded
        return next(self._marked(), None)

    def start(self, command: Sequence[str], variables: Mapping[str, str], directory: Path) -> None:
        """Start `command` in `directory`, in a session of its own: it outlives the terminal.

        `variables` are added to this process's environment. The caller has made sure that it does not run yet.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        self.run.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.logs / f"{self.name}.previous.log")
        with self.log.open("wb") as log:
            started = subprocess.Popen(  # noqa: S603 - the commands are this package's own
                command,
                cwd=directory,
                env={**os.environ, **variables, _MARK: str(self._record)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while started.poll() is None and not self._is_marked_soon(psutil.Process(started.pid)):
            pass  # whoever looks for it from now on is to find it
        # It is meant to outlive this process; without a return code, Popen's destructor would warn of that.
        started.returncode = 0
        write_whole(self._record, json.dumps({"pid": started.pid}) + "\n")

    def wait(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until `ready`, at most `seconds`; return False when the time is up or the process has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ready():
                return True
            if self.process() is None:
                return False
            time.sleep(_PAUSE_SECONDS)
        return False

    def stop(self) -> bool:
        """End the process and its children; return whether it was running."""
        process = self.process()
        if process is None:
            self._record.unlink(missing_ok=True)
            return False
        end_families({process, *self._marked()})
        # Last: an interruption before leaves a record by which the next command ends what still runs.
        self._record.unlink(missing_ok=True)
        return True

    def last_words(self, lines: int = 40) -> str:
        """Return the end of the log, for an error message."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(f"  {line}" for line in text.splitlines()[-lines:])

    @property
    def _record(self) -> Path:
        return self.run / f"{self.name}.json"

    def _recorded(self) -> psutil.Process | None:
        try:
            return psutil.Process(int(json.loads(self._record.read_text(encoding="utf-8"))["pid"]))
        except (OSError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
            return None

    def _marked(self) -> Iterator[psutil.Process]:
        return filter(self._is_marked, psutil.process_iter())

    def _is_marked_soon(self, process: psutil.Process) -> bool:
        """Look several times: while a program becomes another one (`exec`), the system shows no environment."""
        for _ in range(_LOOKS):
            if self._is_marked(process):
                return True
            time.sleep(_MOMENT_SECONDS)
        return False

    def _is_marked(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(_MARK) == str(self._record)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


def end_families(heads: Iterable[psutil.Process]) -> int:
    """End these processes and all that they started, at once if they do not end in time; return how many there were."""
    family = {member for head in heads for member in (head, *_descendants(head))}
    _each(family, psutil.Process.terminate)
    _, alive = psutil.wait_procs(family, timeout=_PATIENCE_SECONDS)
    _each(alive, psutil.Process.kill)
    psutil.wait_procs(alive, timeout=_PATIENCE_SECONDS)
    return len(family)


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _each(processes: Iterable[psutil.Process], act: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            act(process)


def end_children() -> None:
    """End the programs that this process waits for."""
    _each(_foreground_children(), psutil.Process.terminate)


def kill_children() -> None:
    """End the programs that this process waits for, at once: the engine does not end while it cannot save."""
    _each(_foreground_children(), psutil.Process.kill)


def await_children(seconds: float) -> None:
    """Let the programs that this process waits for end by themselves, at most `seconds`, and end those that do not.

    They have got the terminal's interrupt too. A second one would make the engine leave its lock behind, but this
    process cannot keep it from them: it only sees to it that nothing of its own goes on meanwhile.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    psutil.wait_procs(_foreground_children(), timeout=seconds)
    end_children()


def _foreground_children() -> list[psutil.Process]:
    """Return this process's children; those in the background have sessions of their own and are none of these."""
    session = os.getsid(0)
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getsid(child.pid) == session:
                found.append(child)
    return found
