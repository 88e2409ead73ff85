"""Which stacks differ between two trees, and why: what `./dev plan` tells and everything else deploys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from delivery.planning.inputs import Inputs, environment_of, model_of, own_files, upstream
from delivery.planning.removals import Removal
from delivery.stacks import StackId
from shared.projects import MODEL

_NAMED = 2
"""Files that a reason names before it counts the rest."""


class Action(StrEnum):
    """What happens to an affected stack."""

    DEPLOY = "deploy"
    DESTROY = "destroy"


@dataclass(frozen=True)
class Affected:
    """A stack that a change affects."""

    stack: StackId
    action: Action
    reasons: tuple[str, ...]
    """Phrases such as `shared/model/api.py changed`; never none."""

    @property
    def environment(self) -> str:
        """Return the environment that the stack belongs to."""
        return environment_of(self.stack)


@dataclass(frozen=True)
class Renamed:
    """A model whose folder was renamed: consumers see one API go and another come."""

    before: str
    after: str

    def __str__(self) -> str:
        """Return a sentence on what it means."""
        return (
            f"models/{self.before}/ was renamed to models/{self.after}/: for consumers one API goes and another comes, "
            "with other addresses and keys."
        )


@dataclass(frozen=True)
class EnvironmentPlan:
    """What happens in one environment."""

    environment: str
    stacks: tuple[Affected, ...]
    """Those to deploy in their order, then those to destroy in theirs."""
    notes: tuple[str, ...] = ()
    """Sentences on what the reader must not miss: a renamed model, a rollback that is held."""
    removals: tuple[Removal, ...] = ()
    """For each stack to destroy, whether that was announced."""
    held: frozenset[StackId] = frozenset()
    """Stacks that were rolled back, and stay so until their model's folder changes."""


def affected(base: Mapping[StackId, Inputs], head: Mapping[StackId, Inputs]) -> tuple[Affected, ...]:
    """Return the stacks that differ between two trees: those to deploy in their order, then those to destroy.

    Both mappings are `Tree.inputs` of the same environment, so a stack differs too when one does that it builds on.
    Only models are destroyed: nothing that a tree says takes an environment down.
    """
    deployed = [
        Affected(stack, Action.DEPLOY, found)
        for stack, inputs in head.items()
        if (found := reasons(stack, base.get(stack), inputs))
    ]
    return (*deployed, *(destroyed(stack) for stack in reversed(_models(base)) if stack not in head))


def destroyed(stack: StackId) -> Affected:
    """Return the stack of a model whose folder is gone, as one to destroy."""
    return Affected(stack, Action.DESTROY, (f"models/{model_of(stack)}/ was removed",))


def reasons(stack: StackId, before: Inputs | None, now: Inputs) -> tuple[str, ...]:
    """Return why `stack` differs from what it was, in phrases; none when it does not."""
    return ("is new",) if before is None else tuple(_differences(stack, before, now))


def renamed(base: Mapping[StackId, Inputs], head: Mapping[StackId, Inputs]) -> tuple[Renamed, ...]:
    """Return the models that lie in another folder than before, and are otherwise the same."""
    gone = {_content(stack, base[stack]): stack for stack in _models(base) if stack not in head}
    return tuple(
        Renamed(model_of(gone[content]), model_of(stack))
        for stack in _models(head)
        if stack not in base and (content := _content(stack, head[stack])) in gone
    )


def renamed_to(model: str, moved: Sequence[Renamed]) -> str | None:
    """Return the model that has the content of one that is gone; None where there is none."""
    return next((each.after for each in moved if each.before == model), None)


def _differences(stack: StackId, before: Inputs, now: Inputs) -> Iterator[str]:
    old, new = before.files, now.files
    yield from _phrase([path for path in new if old.get(path, new[path]) != new[path]], "changed")
    yield from _phrase([path for path in new if path not in old], "is new", "are new")
    yield from _phrase([path for path in old if path not in new], "is gone", "are gone")
    if before.above != now.above:
        yield f"builds on {upstream(stack)}, which changed"


def _phrase(parts: Sequence[str], one: str, many: str | None = None) -> Iterator[str]:
    if len(parts) == 1:
        yield f"{parts[0]} {one}"
    elif parts:
        named, rest = parts[:_NAMED], len(parts) - _NAMED
        counted = f" and {rest} more file{'s' if rest > 1 else ''}"
        listed = ", ".join(named) + counted if rest > 0 else " and ".join(named)
        yield f"{listed} {many or one}"


def _models(found: Mapping[StackId, Inputs]) -> list[StackId]:
    return [stack for stack in found if stack.project == MODEL]


def _content(stack: StackId, inputs: Inputs) -> tuple[tuple[str, str], ...]:
    return tuple(own_files(stack, inputs).items())
