"""The folder of one model, as the source of its contracts."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from shared.bounded_files import LONGEST_CONTRACT, read_content
from shared.errors import DocumentError

DESCRIPTION = "model.yaml"
"""The file of a folder that describes its model."""


@dataclass(frozen=True)
class ModelFolder:
    """The files below `models/<model>/`: what they hold is in the folder itself, not where a path or link leads."""

    root: Path
    """The repository, or a tree of one of its revisions."""
    model: str
    """The model's name."""

    def read(self, path: str, limit: int = LONGEST_CONTRACT) -> bytes:
        """Return what a file of the folder holds, at most ``limit`` bytes.

        Raises DocumentError when it cannot be read, or is not a file below the folder.
        """
        source = self.source(path)
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts:
            raise DocumentError(
                [f"{source}: leads out of models/{self.model}. Put the file into that folder."]
            )
        self._refuse_links(parts)
        return read_content(self.root / source, source, limit)

    def source(self, path: str) -> str:
        """Return how sentences call a file of the folder."""
        return f"models/{self.model}/{path}"

    def _refuse_links(self, parts: tuple[str, ...]) -> None:
        """Raise DocumentError when the folder, or what leads from it to a file, is a symbolic link."""
        step = PurePosixPath("models", self.model)
        for part in ("", *parts):
            step /= part
            if (self.root / step).is_symlink():
                problem = f"{step}: is a symbolic link, and a model is made from what its folder holds."
                raise DocumentError([f"{problem} Put a copy in its place."])
