"""One `./dev local` at a time in one clone: a second one waits for the first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from laptop.layout import Layout


@contextmanager
def only_one(layout: Layout, report: Callable[[str], None]) -> Iterator[None]:
    """Hold the clone's lock during the body; tell by `report` when another process has it, and wait."""
    lock = FileLock(layout.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report("Another `./dev local` works in this clone: waiting for it to end.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
