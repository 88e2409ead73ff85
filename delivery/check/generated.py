"""Files of the repository that are made from its models and their types."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from delivery.check import codeowners
from delivery.files import write_whole
from shared.documents import DocumentError
from shared.model import description, schema

COMMAND = "./dev check --write"
"""What writes them anew."""


def texts(root: Path, environments: Iterable[str]) -> Mapping[str, str]:
    """Return what each file should hold, by its path. Raises DocumentError when the platform's team is not named.

    A model whose description does not tell who owns it keeps the owner that it has: the mistake is in the description.
    """
    known = codeowners.written(root)
    owners = {
        model: owner
        for model in description.names(root)
        if (owner := _owner(model, root) or known.get(model)) is not None
    }
    return {
        schema.PATH: schema.rendered(environments),
        codeowners.PATH: codeowners.rendered(codeowners.platform_team(root), owners),
    }


def outdated(root: Path, wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each file that does not hold what it should."""
    return tuple(
        f"{path}: is not what the models make of it. Write it anew: {COMMAND}"
        for path, text in wanted.items()
        if not (root / path).is_file() or (root / path).read_bytes() != text.encode()
    )


def write(root: Path, wanted: Mapping[str, str]) -> None:
    """Have each file hold what it should. Raises OSError when one cannot be written."""
    for path, text in wanted.items():
        write_whole(root / path, text)


def _owner(model: str, root: Path) -> str | None:
    """Return who owns a model; None where its description cannot be read, which the check of the model tells."""
    try:
        return codeowners.owner_of(description.read(model, root))
    except DocumentError:
        return None
