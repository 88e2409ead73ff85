"""What is printed where the terminal is gone harms nothing; any other failure is told."""

import errno
import io

import pytest
from rich.console import Console

from delivery.terminal import lasting


class _Broken(io.StringIO):
    """A stream that refuses what is written, with an error number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, _: str) -> int:
        raise OSError(self._number, "refused")

    def flush(self) -> None:
        raise OSError(self._number, "refused")


def test_what_is_printed_arrives() -> None:
    out = io.StringIO()
    Console(file=lasting(out)).print("told")
    assert out.getvalue() == "told\n"


def test_a_terminal_that_is_closed_is_nobody_to_tell() -> None:
    Console(file=lasting(_Broken(errno.EIO))).print("told")


def test_a_full_disk_is_told() -> None:
    with pytest.raises(OSError, match="refused"):
        Console(file=lasting(_Broken(errno.ENOSPC))).print("told")
