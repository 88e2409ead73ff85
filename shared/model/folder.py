"""The folder of one model, as the source of its contracts."""

from dataclasses import dataclass
from pathlib import Path

from shared.documents import read_content


@dataclass(frozen=True)
class ModelFolder:
    """The files below `models/<model>/`."""

    root: Path
    """The repository, or a tree of one of its revisions."""
    model: str
    """The model's name."""

    def read(self, path: str) -> bytes:
        """Return what a file of the folder holds. Raises DocumentError when it cannot be read."""
        return read_content(self.root / self.source(path), self.source(path))

    def source(self, path: str) -> str:
        """Return how sentences call a file of the folder."""
        return f"models/{self.model}/{path}"
