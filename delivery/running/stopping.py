"""Ctrl-C and SIGTERM: nothing new begins, and the engines end what they have begun. A closed terminal stops nothing."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import psutil

INTERRUPTED = 130
"""The exit code of a delivery that was stopped in its middle, as a shell tells it of Ctrl-C."""
_ENGINE = "pulumi"


@contextmanager
def listening(stop: threading.Event, tell: Callable[[str], None]) -> Iterator[None]:
    """Set `stop` when this process is asked to end, during the body; `tell` takes a sentence for a person.

    An engine that is interrupted once ends cleanly, at the next resource; twice, at once, and leaves its lock behind.
    So each gets one interrupt: the terminal's own, or this process's where no terminal sends it. A terminal that is
    closed (SIGHUP) would end an engine at once; they inherit that it is ignored, and the delivery goes on to its end.
    """

    def on_signal(number: int, _: FrameType | None) -> None:
        if stop.is_set():
            return
        stop.set()
        tell("Stopping: the engines end what they have begun. A second Ctrl-C leaves locks behind.")
        if number != signal.SIGINT or not _is_in_foreground():
            interrupt_engines()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt_engines() -> None:
    """Ask the engines that this process has started to end."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.name() == _ENGINE:
                child.send_signal(signal.SIGINT)


def _is_in_foreground() -> bool:
    """Tell whether a terminal sends its interrupt to this process and its children alike.

    It is the terminal that controls this process, wherever the standard streams lead.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
