"""Programs that go on in the background after `./dev local`: started, recognised later, ended by id."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Record:
    """What identifies a process for ever: ids are used again, but not with the same start time."""

    pid: int
    created: float


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
        """Return the running process, or None when it was never started or has ended."""
        try:
            record = Record(**json.loads(self._record.read_text(encoding="utf-8")))
            process = psutil.Process(record.pid)
            same = (
                abs(process.create_time() - record.created) < 1 and process.status() != psutil.STATUS_ZOMBIE
            )
        except (FileNotFoundError, ValueError, TypeError, psutil.NoSuchProcess):
            return None
        return process if same else None

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
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        record = Record(started.pid, psutil.Process(started.pid).create_time())
        self._record.write_text(json.dumps(asdict(record)) + "\n", encoding="utf-8")
        # It is meant to outlive this process; without a return code, Popen's destructor would warn of that.
        started.returncode = 0

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
        family = [process, *process.children(recursive=True)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.terminate()
        _, alive = psutil.wait_procs(family, timeout=_PATIENCE_SECONDS)
        for survivor in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                survivor.kill()
        psutil.wait_procs(alive, timeout=_PATIENCE_SECONDS)
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


def end_children() -> None:
    """End the programs that this process waits for."""
    for child in _foreground_children():
        with contextlib.suppress(psutil.NoSuchProcess):
            child.terminate()


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
