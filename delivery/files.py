"""Small files that are written whole: what a full disk or a kill cuts off takes the place of nothing."""

import os
from pathlib import Path

import psutil

_UNFINISHED = ".unfinished-"


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Have `file` hold `text`; who reads it meanwhile or after an interruption finds the old content or the new.

    A file that holds it already is left alone. Raises OSError when it cannot be written; then it is as it was.
    """
    if file.is_file() and file.read_bytes() == text.encode():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    # Named for this process: `./dev env` may write the same file at the same moment.
    unfinished = file.with_name(f".{file.name}{_UNFINISHED}{os.getpid()}")
    _forget_killed(file)
    try:
        unfinished.touch(mode)  # before it holds anything: it may be a secret
        unfinished.write_text(text, encoding="utf-8")
        unfinished.chmod(mode)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _forget_killed(file: Path) -> None:
    """Remove what killed processes left of their attempts to write `file`."""
    for left in file.parent.glob(f".{file.name}{_UNFINISHED}*"):
        if not psutil.pid_exists(int(left.name.rpartition("-")[2])):
            left.unlink(missing_ok=True)
