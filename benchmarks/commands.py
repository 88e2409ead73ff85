"""Commands as a user types them, with the time that they and everything they start take."""

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.memory import Peak, watching


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    seconds: float
    """From its start to its end."""
    cpu: float
    """Seconds of processor time, of the command and all its descendants that were waited for."""
    printed: str


def run(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str] = os.environ,
    *,
    peak: Peak | None = None,
) -> Ran:
    """Run a command in a folder, one at a time; `peak` takes its memory, which costs some of the processor's time.

    Raises BenchmarkError, with what it printed, when it fails.
    """
    started, before = time.monotonic(), _cpu()
    with subprocess.Popen(  # noqa: S603 - the scratch copy's own programs
        command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        if peak is None:
            printed, _ = process.communicate()
        else:
            with watching(process.pid, peak):
                printed, _ = process.communicate()
    ran = Ran(time.monotonic() - started, _cpu() - before, printed)
    if process.returncode != 0:
        raise BenchmarkError(f"`{' '.join(command)}` failed in {folder}: mend it first.\n{printed.strip()}")
    return ran


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
