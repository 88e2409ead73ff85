"""Models whose folders are gone: their stacks are destroyed, once they were delivered as retired."""

from collections.abc import Iterable
from dataclasses import dataclass

from delivery.errors import DeliveryError


@dataclass(frozen=True)
class Removal:
    """A model whose folder is gone, and whose stack in an environment is to be destroyed."""

    model: str
    environment: str
    revision: str | None
    """The revision that tells whether it was retired: the base, or what was deployed; None when nothing tells it."""
    is_known: bool
    """Whether that revision is in this clone."""
    is_retired: bool
    """Whether the model was retired there."""
    renamed: str | None = None
    """The model whose folder is the same otherwise, if there is one."""


def check(removals: Iterable[Removal]) -> None:
    """Raise DeliveryError, with a sentence for each model, unless all were retired."""
    refused: dict[tuple[str, str, str], list[str]] = {}
    for removal in removals:
        if not removal.is_retired:
            why, remedy = _why(removal)
            refused.setdefault((_what(removal), why, remedy), []).append(removal.environment)
    if refused:
        sentences = (
            f"{what}, {why.format(where=_listed(where))}. {remedy}"
            for (what, why, remedy), where in refused.items()
        )
        raise DeliveryError("\n".join(sentences))


def _what(removal: Removal) -> str:
    if removal.renamed is None:
        return f"models/{removal.model}/ was removed"
    return f"models/{removal.model}/ was renamed to models/{removal.renamed}/, which takes its API away"


def _why(removal: Removal) -> tuple[str, str]:
    """Return why the removal is refused, with a place for the environments, and what to do instead."""
    folder, commit = f"models/{removal.model}/", (removal.revision or "")[:12]
    announce = (
        f"write `lifecycle: retired` into {folder}model.yaml, deliver that, and remove the folder afterwards."
    )
    if removal.revision is None:
        why = "and no tag in {where} tells from which revision it was deployed, so whether it was retired is not known"
        at_once = 'If nobody calls it, docs/operating.md, "Removing a model", has a shorter way.'
        return why, f"Restore the folder, {announce} {at_once}"
    if not removal.is_known:
        why = f"and {commit}, deployed in {{where}}, is not in this clone, so whether it was retired is not known"
        fetch = "Fetch it: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow."
        return why, f"{fetch} If it is nowhere, restore the folder, {announce}"
    why = f"but at {commit} it was not retired in {{where}}, so its consumers would be cut off unannounced"
    return why, f"Restore the folder (`git checkout {commit} -- {folder}`), {announce}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
