"""What a person sees while stacks are worked on: what each does now on a terminal, a line for each elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.markup import escape
from rich.text import Text

from delivery.records import Outcome, StackRecord
from delivery.running.jobs import Job
from delivery.stacks import StackId

_HEARTBEAT_SECONDS = 60.0
_NAME_WIDTH = 34


class _Mark(NamedTuple):
    """How the line of an ended stack begins; `plain` where the terminal has no such sign."""

    colour: str
    sign: str
    plain: str


_MARKS = {
    Outcome.DONE: _Mark("green", "✓", "-"),
    Outcome.FAILED: _Mark("red", "✗", "x"),
    Outcome.INTERRUPTED: _Mark("yellow", "!", "!"),
}


@dataclass
class _Running:
    """A stack that is being worked on."""

    stack: StackId
    began: float
    doing: str = "starting the engine"


@dataclass
class Board:
    """Shows the stacks that are being worked on. Safe to use from several threads."""

    console: Console
    total: int
    _running: dict[StackId, _Running] = field(default_factory=dict)
    _ended: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the board during the body."""
        if self.console.is_terminal:
            with Live(self, console=self.console, refresh_per_second=8, transient=True):
                yield
            return
        done = threading.Event()
        beat = threading.Thread(target=self._beat, args=(done,), daemon=True, name="heartbeat")
        beat.start()
        try:
            yield
        finally:
            done.set()
            beat.join()

    def begin(self, job: Job) -> None:
        """Show that the stack is worked on now."""
        with self._lock:
            self._running[job.stack] = _Running(job.stack, time.monotonic())

    def now(self, job: Job, doing: str) -> None:
        """Show what is done with the stack at this moment."""
        with self._lock:
            self._running[job.stack].doing = doing

    def remark(self, job: Job, what: str) -> None:
        """Tell what happens rarely and must not be missed: a line that stays."""
        self.tell(f"  {job.stack!s:<{_NAME_WIDTH}} {what}")

    def tell(self, line: str) -> None:
        """Print a line that stays.

        Never with our lock held: rich renders the board under a lock of its own, for which printing waits.
        """
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def end(self, job: Job, record: StackRecord, result: str) -> None:
        """Print how it went with the stack."""
        mark = _MARKS[record.outcome]
        sign = mark.sign if self.console.encoding.startswith("utf") else mark.plain
        with self._lock:
            del self._running[job.stack]
            self._ended += 1
        self.console.print(
            f"[{mark.colour}]{sign}[/] {escape(str(job.stack)):<{_NAME_WIDTH}} "
            f"[dim]{record.seconds:6.1f} s[/]  {escape(result)}",
            highlight=False,
            soft_wrap=True,
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render what is worked on now, for a terminal."""
        with self._lock:
            running = list(self._running.values())
            ended = self._ended
        for each in running:
            seconds = time.monotonic() - each.began
            line = Text(f"  {each.stack!s:<{_NAME_WIDTH}} {seconds:6.1f} s  {each.doing}", style="cyan")
            line.truncate(options.max_width, overflow="ellipsis")
            yield line
        yield Text(f"  {ended} of {self.total} stacks", style="dim")

    def _beat(self, done: threading.Event) -> None:
        """Say what still runs, from time to time: a log that stands still for half an hour looks like a fault."""
        while not done.wait(_HEARTBEAT_SECONDS):
            with self._lock:
                running = list(self._running.values())
            for each in running:
                seconds = time.monotonic() - each.began
                if seconds >= _HEARTBEAT_SECONDS:
                    self.tell(f"  {each.stack!s:<{_NAME_WIDTH}} {seconds:6.0f} s so far: {each.doing}")
