"""The files of one tree of this repository, on disk or in a revision, each known by git's id of its content.

Trees share most of their content, so what one has read the others take from memory: of a revision only those files
are read that differ from the tree on disk.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from delivery.planning import trees
from shared.documents import parse_yaml

_READ: dict[str, bytes] = {}
"""What was read, by its id: the same content in every tree and at every time."""


class Files(Protocol):
    """The files of a tree, by their paths from its root, with slashes."""

    def id(self, path: str) -> str | None:
        """Return git's id of the file's content; None where there is no such file."""

    def content(self, path: str) -> bytes:
        """Return what the file holds. Raises FileNotFoundError where there is none."""

    def names(self, folder: str) -> Sequence[str]:
        """Return the names of what lies directly in a folder, sorted; none where there is no such folder."""


class OnDisk:
    """The files below a folder, as they are when they are first asked for."""

    def __init__(self, root: Path) -> None:
        """Look at the folder `root`."""
        self._root = root
        self.id = cache(self._id)

    def _id(self, path: str) -> str | None:
        file = self._root / path
        if not _is_file(file):
            return None
        content = file.read_bytes()
        found = _blob_id(content)
        _READ[found] = content
        return found

    def content(self, path: str) -> bytes:
        """Return what the file holds. Raises FileNotFoundError where there is none."""
        return _READ[_known(self.id(path), path)]

    def names(self, folder: str) -> Sequence[str]:
        """Return the names of what lies directly in a folder, sorted; none where there is no such folder."""
        found = self._root / folder
        return sorted(entry.name for entry in found.iterdir()) if found.is_dir() else []


class Committed:
    """The files of a revision, read from git's store."""

    def __init__(self, root: Path, commit: str) -> None:
        """List the files of the commit in the repository at `root`."""
        self._root = root
        self._ids = trees.blobs(root, commit)

    def id(self, path: str) -> str | None:
        """Return git's id of the file's content; None where there is no such file."""
        return self._ids.get(path)

    def content(self, path: str) -> bytes:
        """Return what the file holds. Raises FileNotFoundError where there is none."""
        found = _known(self.id(path), path)
        if found not in _READ:
            _READ[found] = trees.blob(self._root, found)
        return _READ[found]

    def names(self, folder: str) -> Sequence[str]:
        """Return the names of what lies directly in a folder, sorted; none where there is no such folder."""
        start = f"{folder}/"
        below = (path.removeprefix(start) for path in self._ids if path.startswith(start))
        return sorted({path.partition("/")[0] for path in below})


@cache
def document(content: bytes, source: str) -> JsonValue:
    """Return what a YAML file says; the same for all trees and environments, which leave it as it is.

    Raises DocumentError when it is no YAML; ``source`` is how sentences name it.
    """
    return parse_yaml(content, source)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for a file, say: descriptions name what people write
        return False


def _known(found: str | None, path: str) -> str:
    if found is None:
        raise FileNotFoundError(path)
    return found


def _blob_id(content: bytes) -> str:
    """Return the id that git gives to a content (git-hash-object; "Git Objects" in the Git book)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
