"""A terminal that may be closed while a delivery goes on."""

import contextlib
import errno
from collections.abc import Iterator
from typing import IO, cast


class _Lasting:
    """A stream whose reader may go away."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with _closed_without_harm():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with _closed_without_harm():
            self._stream.flush()

    def __getattr__(self, name: str) -> object:
        """Return whatever else the stream can do: rich asks for `encoding`, `fileno` and `isatty`."""
        return getattr(self._stream, name)


def lasting(stream: IO[str]) -> IO[str]:
    """Return the stream as one that takes text for nobody once its terminal was closed.

    What has begun in Azure is to be written down all the same. Any other failure, such as a pipe that was closed or a
    full disk, is told as before.
    """
    return cast("IO[str]", _Lasting(stream))


@contextlib.contextmanager
def _closed_without_harm() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.EIO:
            raise
