"""The memory of a command and of everything it starts."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_PAUSE_SECONDS = 0.02
_ENGINE = "engine"
_SPARING_SECONDS = 0.25
_KINDS = {
    "laptop.delivering": "delivery",
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "local_azure": "plugin",
    "pulumi": _ENGINE,
}


@dataclass
class Peak:
    """The largest resident set sizes that were seen, in bytes."""

    by_kind: dict[str, int] = field(default_factory=dict)
    """Of one process of each kind."""
    together: int = 0
    """Of all, at one moment. Pages that processes share count for each."""
    engines: int = 0
    """How many engines, each with its stack, ran at that moment."""

    def take(self, sizes: Sequence[tuple[str, int]]) -> None:
        """Take the kinds and sizes of the processes of one moment."""
        for kind, size in sizes:
            self.by_kind[kind] = max(self.by_kind.get(kind, 0), size)
        whole = sum(size for _, size in sizes)
        if whole > self.together:
            self.together = whole
            self.engines = sum(kind == _ENGINE for kind, _ in sizes)


def peak(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Peak:
    """Run `command` and return the peaks of the Pulumi processes in its family; short-lived helpers are left out.

    Raises CalledProcessError when it fails.
    """
    found = Peak()
    with (
        subprocess.Popen(  # noqa: S603 - the project's own tool chain
            command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as started,
        watching(started.pid, found, pause=_PAUSE_SECONDS),
    ):
        started.wait()
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, command)
    return found


@contextlib.contextmanager
def watching(pid: int, found: Peak, pause: float = _SPARING_SECONDS) -> Iterator[None]:
    """Look at a process and its descendants every `pause` seconds during the body; `found` takes what is seen."""
    done = threading.Event()

    def watch() -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            while not done.is_set():
                found.take(_sizes([process, *process.children(recursive=True)]))
                done.wait(pause)

    thread = threading.Thread(target=watch, name="memory")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _sizes(family: Sequence[psutil.Process]) -> list[tuple[str, int]]:
    sizes = []
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            kind = kind_of(member.cmdline())
            if kind:
                sizes.append((kind, member.memory_info().rss))
    return sizes


def kind_of(command: Sequence[str]) -> str | None:
    """Return what part of a running stack a command line is, None for anything else."""
    words = [Path(word).name for word in command[:4]]
    return next((kind for word, kind in _KINDS.items() if word in words), None)
