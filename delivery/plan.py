"""Which stacks a change affects, and why: what `./dev plan` tells and everything else deploys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from delivery.inputs import Inputs, environment_of, upstream
from delivery.stacks import StackId
from shared.layers import MODEL, split_model_stack

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


def affected(base: Mapping[StackId, Inputs], head: Mapping[StackId, Inputs]) -> tuple[Affected, ...]:
    """Return the stacks that differ between two trees: those to deploy in their order, then those to destroy.

    Both mappings are `Tree.inputs` of the same environment, so a stack differs too when one does that it builds on.
    """
    deployed = [
        Affected(stack, Action.DEPLOY, reasons)
        for stack, inputs in head.items()
        if (reasons := tuple(_reasons(stack, base.get(stack), inputs)))
    ]
    gone = [
        Affected(stack, Action.DESTROY, (_gone(stack),)) for stack in reversed([*base]) if stack not in head
    ]
    return (*deployed, *gone)


def renamed(base: Mapping[StackId, Inputs], head: Mapping[StackId, Inputs]) -> tuple[Renamed, ...]:
    """Return the models that lie in another folder than before, and are otherwise the same."""
    gone = {_content(stack, base[stack]): stack for stack in _models(base) if stack not in head}
    return tuple(
        Renamed(_model(gone[content]), _model(stack))
        for stack in _models(head)
        if stack not in base and (content := _content(stack, head[stack])) in gone
    )


def _reasons(stack: StackId, before: Inputs | None, now: Inputs) -> Iterator[str]:
    if before is None:
        yield "is new"
        return
    old, new = before.files, now.files
    yield from _phrase([path for path in new if old.get(path, new[path]) != new[path]], "changed")
    yield from _phrase([path for path in new if path not in old], "is new", "are new")
    yield from _phrase([path for path in old if path not in new], "was removed", "were removed")
    if before.above != now.above:
        yield f"builds on {upstream(stack)}, which is affected"


def _phrase(parts: Sequence[str], one: str, many: str | None = None) -> Iterator[str]:
    if len(parts) == 1:
        yield f"{parts[0]} {one}"
    elif parts:
        named, rest = parts[:_NAMED], len(parts) - _NAMED
        listed = ", ".join(named) + f" and {rest} more files" if rest > 0 else " and ".join(named)
        yield f"{listed} {many or one}"


def _gone(stack: StackId) -> str:
    if stack.project != MODEL:
        return f"environments/{environment_of(stack)}.yaml was removed"
    return f"models/{_model(stack)}/ was removed"


def _models(found: Mapping[StackId, Inputs]) -> list[StackId]:
    return [stack for stack in found if stack.project == MODEL]


def _model(stack: StackId) -> str:
    return split_model_stack(stack.name)[0]


def _content(stack: StackId, inputs: Inputs) -> tuple[tuple[str, str], ...]:
    """Return the files of a model's folder, named within it."""
    folder = f"models/{_model(stack)}/"
    return tuple(
        sorted(
            (part.removeprefix(folder), digest)
            for part, digest in inputs.files.items()
            if part.startswith(folder)
        )
    )
