"""What is wrong with the folders of models, apart from what they hold."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from shared.documents import nearest
from shared.model.folder import DESCRIPTION

_MODELS = "models"


def problems(names: Iterable[str], root: Path) -> Iterator[str]:
    """Yield what keeps folders from being models: two that are one to Azure, and what holds no description."""
    yield from _equal(sorted(names))
    for folder in sorted((root / _MODELS).iterdir()):
        if folder.is_dir() and not (folder / DESCRIPTION).exists():
            files = [file.name for file in folder.iterdir() if file.is_file()]
            if files:
                hint = nearest(DESCRIPTION, files)
                yield f"{_MODELS}/{folder.name}: has no {DESCRIPTION}.{hint} Add it, or remove the folder."


def _equal(names: list[str]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            yield (
                f"{_MODELS}/{name}: has the path of {_MODELS}/{other}, and API Management takes capital letters for "
                "small ones. Rename one of the two."
            )
