"""What a person sees while `./dev local` works: a line per step, and on a terminal what the step does now."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.status import Status

_NAME_WIDTH = 22


class _Mark(NamedTuple):
    """How the line of an ended step begins; `plain` where the terminal has no such sign."""

    colour: str
    sign: str
    plain: str


_DONE = _Mark("green", "✓", "-")
_FAILED = _Mark("red", "✗", "x")


@dataclass
class Step:
    """One step that is under way."""

    name: str
    progress: "Progress"
    result: str = ""

    def report(self, doing: str) -> None:
        """Show what the step does at this moment, where there is a terminal to show it on."""
        self.progress.show(f"{self.name:<{_NAME_WIDTH}} {doing}")

    def tell(self, doing: str) -> None:
        """Tell what the step does for a while: also where there is no terminal, as a line on stderr."""
        self.progress.tell(f"{self.name:<{_NAME_WIDTH}} {doing}")

    def remark(self, done: str) -> None:
        """Tell what happens rarely and must not be missed: a line that stays, also on a terminal."""
        self.progress.remark(f"{self.name:<{_NAME_WIDTH}} {done}")


@dataclass
class Progress:
    """Prints the steps. Safe to use from several threads: the last one who reports is shown."""

    console: Console
    _status: Status | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run the body as the step `name`; its `result` and duration are printed when it has ended."""
        started = time.monotonic()
        step = Step(name, self)
        try:
            yield step
        except BaseException:
            self._end(_FAILED, step, time.monotonic() - started)
            raise
        self._end(_DONE, step, time.monotonic() - started)

    def show(self, text: str) -> None:
        """Show what is being done: on a terminal, in place; elsewhere not, as lines would pile up in a log."""
        if not self.console.is_terminal:
            return
        with self._lock:
            if self._status is None:
                self._status = self.console.status(
                    escape(text), spinner="dots" if self._has_signs else "line"
                )
                self._status.start()
            else:
                self._status.update(escape(text))

    def tell(self, text: str) -> None:
        """Show `text`; without a terminal, write it to stderr."""
        if self.console.is_terminal:
            self.show(text)
        else:
            sys.stderr.write(f"  {text}\n")

    def remark(self, text: str) -> None:
        """Print `text` above what is being done; without a terminal, write it to stderr."""
        if self.console.is_terminal:
            with self._lock:
                self.console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)
        else:
            self.tell(text)

    @property
    def _has_signs(self) -> bool:
        return self.console.encoding.startswith("utf")

    def _end(self, mark: _Mark, step: Step, seconds: float) -> None:
        with self._lock:
            if self._status is not None:
                self._status.stop()
                self._status = None
        sign = mark.sign if self._has_signs else mark.plain
        self.console.print(
            f"[{mark.colour}]{sign}[/] {step.name:<{_NAME_WIDTH}} [dim]{seconds:5.1f} s[/]  {escape(step.result)}",
            highlight=False,
            soft_wrap=True,
        )
