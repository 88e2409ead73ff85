"""The files of a model's folder, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.documents import DocumentError


@dataclass(frozen=True)
class InMemory:
    """Files by their path below the folder of the model `iris-species`."""

    texts: Mapping[str, str]

    def read(self, path: str) -> bytes:
        if path not in self.texts:
            raise DocumentError([f"{self.source(path)}: is not there. Add it, or correct the path to it."])
        return self.texts[path].encode()

    def source(self, path: str) -> str:
        return f"models/iris-species/{path}"
