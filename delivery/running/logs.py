"""One log per stack: what the engine prints, for whoever wants to know more than the summary tells."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from delivery.errors import plain
from delivery.stacks import StackId


class Log:
    """The log of one stack. Its lines come from the engine's threads and from the runner's."""

    def __init__(self, file: TextIO) -> None:
        """Write to an open file."""
        self._file = file
        self._lock = threading.Lock()

    def line(self, text: str) -> None:
        """Add a line, so that a reader sees it at once."""
        with self._lock:
            self._file.write(f"{plain(text)}\n")
            self._file.flush()


def folder(results: Path, environment: str, operation: str) -> Path:
    """Return where the logs of an operation in an environment are."""
    return results / "logs" / f"{environment}.{operation}"


def path(results: Path, environment: str, operation: str, stack: StackId) -> Path:
    """Return where the log of an operation on a stack is."""
    return folder(results, environment, operation) / f"{stack.project}-{stack.name}.log"


@contextmanager
def opened(file: Path) -> Iterator[Log]:
    """Give a log that begins anew."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        yield Log(stream)
