"""What a copy of the state needs of the place that it is copied from."""

from typing import Protocol


class GoneError(Exception):
    """A file that was listed is no longer there: somebody deploys at the same time."""


class Store(Protocol):
    """The files of a backend, named by their path below it, with slashes."""

    history: str
    """Where else earlier contents of a file may be, to follow "look through"; empty where there is no such place."""

    def names(self, folder: str) -> list[str]:
        """Return the names of the files below `folder`; none where there is no such folder."""

    def read(self, name: str) -> bytes:
        """Return the content of one file. Raises GoneError when it is not there."""
