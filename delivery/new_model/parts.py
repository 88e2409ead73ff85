"""The files that a contract refers to, which a new folder needs as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from delivery.errors import DeliveryError
from delivery.planning.contract_files import references
from shared.bounded_files import LONGEST_CONTRACT, read_content

_CONTRACTS = "contracts/"


@dataclass(frozen=True)
class Part:
    """A file that a contract refers to."""

    file: Path
    """Where it is now."""
    content: bytes


def parts(contents: Mapping[str, bytes], originals: Mapping[str, Path]) -> dict[str, Part]:
    """Return the files that contracts refer to, by their paths in the folder: as far from each other as they are now.

    ``contents`` and ``originals`` are the contracts, by their paths in the folder. Raises DocumentError for a file that
    cannot be read, DeliveryError for one that has no place in the folder.
    """
    found: dict[str, Part] = {}
    waiting = [(target, originals[target], content) for target, content in contents.items()]
    while waiting:
        target, original, content = waiting.pop()
        for name in references(content):
            place, file = normpath(join(dirname(target), name)), original.parent / name
            if place in found or originals.get(place) == file:
                continue
            if not place.startswith(_CONTRACTS) or place in originals:
                raise DeliveryError(
                    f"{original}: refers to {name}, for which a model's folder has no place: put it beside "
                    f"{original.name} or below, under another name, and refer to it there."
                )
            found[place] = Part(file, read_content(file, str(file), LONGEST_CONTRACT))
            waiting.append((place, file, found[place].content))
    return found
