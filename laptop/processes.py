"""Programs that go on in the background after `./dev local`: started, recognised later, ended by id."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

_PATIENCE_SECONDS = 10.0


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
        """The file with everything that the program prints."""
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
        with self.log.open("ab") as log:
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

    def wait(self, ready: Callable[[], bool], seconds: float, pause: Callable[[], None]) -> bool:
        """Wait until `ready`, at most `seconds`; return False when the time is up or the process has ended.

        `pause` is called between two looks.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ready():
                return True
            if self.process() is None:
                return False
            pause()
        return False

    def stop(self) -> bool:
        """End the process and its children; return whether it was running."""
        process = self.process()
        self._record.unlink(missing_ok=True)
        if process is None:
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
