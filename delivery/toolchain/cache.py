"""A folder per obtained tool chain, either whole or absent. The linters of workflows are kept so, too."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from delivery.toolchain.model import PROGRAMS, Report, ToolchainError

UNFINISHED = ".unfinished-"


def is_whole(folder: Path, programs: tuple[str, ...] = PROGRAMS) -> bool:
    """Whether all programs are there and can be executed."""
    return all((folder / program).is_file() and os.access(folder / program, os.X_OK) for program in programs)


@contextmanager
def exclusive(cache: Path, report: Report, what: str = "the Pulumi tool chain") -> Iterator[None]:
    """Let one process at a time change the cache; the kernel ends the lock with its process."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(cache / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report(f"Another process is preparing {what}: waiting for it.")
            lock.acquire()
    except OSError as error:
        raise ToolchainError(
            f"The tool chain's cache {cache} cannot be written ({error.strerror or error}): "
            "set XDG_CACHE_HOME to a folder that can."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def publishing(folder: Path, programs: tuple[str, ...] = PROGRAMS) -> Iterator[Path]:
    """Yield an empty folder that becomes `folder` when the block ends well, and vanishes when it does not.

    Only the holder of `exclusive` calls this, so unfinished folders that are found are those of killed
    processes.
    """
    for leftover in folder.parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
    try:
        yield unfinished
        missing = [program for program in programs if not (unfinished / program).is_file()]
        if missing:
            raise ToolchainError(f"the result lacks {', '.join(missing)}")
        for program in programs:
            make_durable(unfinished / program)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def make_durable(program: Path) -> None:
    """Make a program executable and its content survive a power failure."""
    program.chmod(0o755)
    descriptor = os.open(program, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
