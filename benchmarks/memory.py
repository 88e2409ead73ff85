"""The memory of a command and of everything it starts."""

import contextlib
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_PAUSE_SECONDS = 0.02
_KINDS = {
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "local_azure": "plugin",
    "pulumi": "engine",
}


@dataclass
class Peak:
    """The largest resident set sizes that were seen, in bytes."""

    by_kind: dict[str, int] = field(default_factory=dict)
    together: int = 0
    """At one moment. Pages that processes share count for each."""

    def take(self, sizes: Mapping[str, int]) -> None:
        """Take the sizes of one moment."""
        for kind, size in sizes.items():
            self.by_kind[kind] = max(self.by_kind.get(kind, 0), size)
        self.together = max(self.together, sum(sizes.values()))


def peak(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Peak:
    """Run `command` and return the peaks of the Pulumi processes in its family; short-lived helpers are left out.

    Raises CalledProcessError when it fails.
    """
    found = Peak()
    with subprocess.Popen(  # noqa: S603 - the project's own tool chain
        command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        process = psutil.Process(started.pid)
        while started.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                found.take(_sizes([process, *process.children(recursive=True)]))
            time.sleep(_PAUSE_SECONDS)
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, command)
    return found


def _sizes(family: Sequence[psutil.Process]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            kind = kind_of(member.cmdline())
            if kind:
                sizes[kind] = sizes.get(kind, 0) + member.memory_info().rss
    return sizes


def kind_of(command: Sequence[str]) -> str | None:
    """Return what part of a running stack a command line is, None for anything else."""
    words = [Path(word).name for word in command[:4]]
    return next((kind for word, kind in _KINDS.items() if word in words), None)
