"""A backend in a folder, `file://<folder>`. The engine replaces its files whole, by renaming."""

from pathlib import Path

from delivery.errors import DeliveryError
from delivery.stored.store import GoneError

SCHEME = "file://"


class Files:
    """The files of a file backend; a folder that does not exist is a backend in which nothing was ever deployed."""

    history = ""

    def __init__(self, backend_url: str) -> None:
        """Take the backend's URL. Raises DeliveryError when what it names is no folder that can be read."""
        self._root = Path(backend_url.removeprefix(SCHEME).partition("?")[0])
        if self._root.exists() and not self._root.is_dir():
            raise DeliveryError(f"The state backend {backend_url} is a file: `backend` must name a folder.")

    def names(self, folder: str) -> list[str]:
        """Return the names of the files below `folder`; none where there is no such folder."""
        top = self._root / folder
        try:
            # rglob passes over a folder that cannot be read; the one at the top must not be passed over.
            next(top.iterdir(), None)
            return [file.relative_to(self._root).as_posix() for file in top.rglob("*") if file.is_file()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(folder, error) from error

    def read(self, name: str) -> bytes:
        """Return the content of one file. Raises GoneError when it is not there."""
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError as error:
            raise GoneError(name) from error
        except OSError as error:
            raise self._unreadable(name, error) from error

    def _unreadable(self, name: str, error: OSError) -> DeliveryError:
        return DeliveryError(
            f"The state in {self._root / name} cannot be read ({error.strerror}): let this user read it."
        )
