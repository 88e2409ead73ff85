"""What a person sees while `./dev local` works: a line per step, and on a terminal what the step does now."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.status import Status

_NAME_WIDTH = 26
_RESULT_WIDTH = 62


@dataclass
class Step:
    """One step that is under way."""

    name: str
    progress: "Progress"
    result: str = ""

    def report(self, doing: str) -> None:
        """Tell what the step does now."""
        self.progress.show(f"{self.name:<{_NAME_WIDTH}} {doing}")


@dataclass
class Progress:
    """Prints the steps. Safe to use from several threads: the last one who reports is shown."""

    console: Console
    _status: Status | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run the body as the step `name`; its `result` and duration are printed when it has succeeded."""
        started = time.monotonic()
        step = Step(name, self)
        try:
            yield step
        finally:
            self._hide()
        self.line(step.name, step.result, time.monotonic() - started)

    def line(self, name: str, result: str, seconds: float) -> None:
        """Print the line of a finished step."""
        mark = "✓" if self.console.encoding.startswith("utf") else "-"
        self.console.print(
            f"[green]{mark}[/] {name:<{_NAME_WIDTH}} {result:<{_RESULT_WIDTH}} [dim]{seconds:5.1f} s[/]",
            highlight=False,
            soft_wrap=True,
        )

    def show(self, text: str) -> None:
        """Show what is being done: on a terminal, in place; elsewhere not, as lines would pile up in a log."""
        if not self.console.is_terminal:
            return
        with self._lock:
            if self._status is None:
                self._status = self.console.status(text)
                self._status.start()
            else:
                self._status.update(text)

    def _hide(self) -> None:
        with self._lock:
            if self._status is not None:
                self._status.stop()
                self._status = None
