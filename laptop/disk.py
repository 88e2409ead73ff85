"""What the machine refuses to keep or to give, as a sentence: a full disk above all."""

import errno
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from laptop.errors import LaptopError

# A whole deployment of one model with its trained model takes 2 MB.
_NEEDED_BYTES = 8 * 1024 * 1024
# Less than any of the programs needs to go on; a file system seldom gives out its very last block.
_FULL_BYTES = 64 * 1024
_PAUSE_SECONDS = 1.0
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# The words of the C library (Go's programs have them too) and of SQLite.
_SAID = re.compile(r"no space left on device|disk quota exceeded|database or disk is full", re.IGNORECASE)


def require_room(root: Path) -> None:
    """Check that the disk of the clone at `root` has room for what `./dev local` writes.

    Raises LaptopError when it has not: a disk that fills on the way leaves more to mend.
    """
    folder = _full_folder(root, _NEEDED_BYTES)
    if folder is not None:
        raise LaptopError(_make_room(folder))


@contextmanager
def watching(root: Path, when_full: Callable[[], None]) -> Iterator[None]:
    """Call `when_full` once when the clone's disk is full during the body, and stays so for a second.

    The engine would try for minutes to save what there is no room for.
    """
    over = threading.Event()

    def watch() -> None:
        full = False
        while not over.wait(_PAUSE_SECONDS):
            was_full, full = full, _full_folder(root, _FULL_BYTES) is not None
            if was_full and full:
                when_full()
                return

    watcher = threading.Thread(target=watch, name="disk", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def explain(error: Exception, root: Path) -> str:
    """Return what a person should know of an `error` that ended a command in the clone at `root`.

    A full disk makes each program fail in a way of its own: where there is one, the sentence is about the disk.
    Raises `error` itself when it is an OSError that is about no file.
    """
    full = _full_folder(root, _FULL_BYTES)
    words = _words(error)
    if full is not None:
        return _make_room(full)
    if _says_full(error, words):
        # Whoever failed has tidied up after himself, or what is used up is a quota.
        return f"{words}\n{_make_room(root)}"
    return words


def _make_room(folder: Path) -> str:
    return (
        f"No room is left on the disk of {folder}: make room there and run `./dev local` again, which goes on from "
        "here (`./dev local reset` would remove what .local/ holds)."
    )


def _says_full(error: Exception, words: str) -> bool:
    return (isinstance(error, OSError) and error.errno in _FULL) or _SAID.search(words) is not None


def _words(error: Exception) -> str:
    if not isinstance(error, OSError):
        return str(error)
    if error.filename is None and error.errno not in _FULL:
        raise error
    named = "A file" if error.filename is None else error.filename
    return f"{named} cannot be read or written ({error.strerror}): mend that and run `./dev local` again."


def _full_folder(root: Path, needed: int) -> Path | None:
    """Return the first folder whose disk has less than the `needed` bytes free, of those that are written to."""
    for folder in (root / ".local", root, Path(os.environ.get("TMPDIR", "/tmp"))):  # noqa: S108 - only measured
        if folder.is_dir() and not has_room(folder, needed):
            return folder
    return None


def has_room(folder: Path, needed: int) -> bool:
    """Return whether the disk of `folder` has `needed` bytes free; True where the file system does not tell."""
    disk = shutil.disk_usage(folder)
    return disk.total == 0 or disk.free >= needed  # some network file systems tell neither
