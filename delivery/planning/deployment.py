"""What differs between what is deployed in an environment, as its stacks' tags tell, and a tree."""

from collections.abc import Callable, Mapping, Sequence

from delivery.planning.differences import (
    Action,
    Affected,
    EnvironmentPlan,
    Renamed,
    destroyed,
    reasons,
    renamed,
    renamed_to,
)
from delivery.planning.inputs import Inputs, Tree, environment_of, model_of, own_digest
from delivery.planning.removals import Removal
from delivery.stacks import StackId
from delivery.tags import HELD, INPUTS, UNCOMMITTED, UNDER_WAY, Deployed
from shared.environments import LOCAL
from shared.errors import UserError
from shared.projects import MODEL

History = Callable[[str], Tree | None]
"""Gives the tree of a revision; None where this clone lacks it."""


def deployment(
    deployed: Mapping[StackId, Deployed], head: Tree, environment: str, history: History
) -> EnvironmentPlan:
    """Return what differs in an environment between what is deployed and a tree.

    On a laptop, where nobody is cut off, a model may go without being retired.
    """
    now = head.inputs(environment)
    found = [
        Affected(stack, Action.DEPLOY, why)
        for stack, inputs in now.items()
        if (why := _why(deployed.get(stack), stack, inputs, history))
    ]
    models = [stack for stack in sorted(deployed, key=str, reverse=True) if stack.project == MODEL]
    gone = [deployed[stack] for stack in models if stack not in now and belongs(stack, environment)]
    moved = renamed(
        {each.stack: before for each in gone if (before := _before(each, history))},
        {stack: inputs for stack, inputs in now.items() if stack not in deployed},
    )
    return EnvironmentPlan(
        environment,
        (*found, *(destroyed(each.stack) for each in gone)),
        (
            *(str(each) for each in moved),
            *(held_note(each) for each in held(deployed, now)),
            *(_stranger_note(stack) for stack in models if not belongs(stack, environment)),
        ),
        tuple(
            _removal(each, environment, history, moved)
            for each in gone
            if not each.is_empty and environment != LOCAL
        ),
        frozenset(each.stack for each in held(deployed, now)),
    )


def _why(deployed: Deployed | None, stack: StackId, inputs: Inputs, history: History) -> tuple[str, ...]:
    """Return why a stack that head describes is to be deployed, in phrases; none when it is not."""
    if deployed is None or deployed.is_empty:
        return ("was never deployed",)
    if deployed.is_damaged:
        return ("has a damaged state",)
    if HELD in deployed.tags:
        changed = own_digest(stack, inputs) != deployed.tags[HELD]
        return ("changed since it was rolled back", *_since(deployed, inputs, history)) if changed else ()
    return () if deployed.tags.get(INPUTS) == inputs.digest else _since(deployed, inputs, history)


def _since(deployed: Deployed, inputs: Inputs, history: History) -> tuple[str, ...]:
    """Return what differs from the revision that is deployed, or why that is not known."""
    if deployed.revision is None:
        return ("has no tag that tells what was deployed",)
    if deployed.revision == UNCOMMITTED:
        return ("differs from what was deployed from a tree that was not committed",)
    tree = history(deployed.revision)
    if tree is None:
        return (f"was deployed from {_short(deployed.revision)}, which is not in this clone",)
    found = reasons(deployed.stack, tree.of(deployed.stack), inputs)
    if deployed.tags.get(INPUTS) == UNDER_WAY:
        return ("was not updated to its end", *found)
    return found or (f"has no record of what of {_short(deployed.revision)} was deployed",)


def _before(deployed: Deployed, history: History) -> Inputs | None:
    """Return what a stack was deployed from; None when nothing tells it, or this clone lacks it."""
    tree = None if deployed.revision is None else history(deployed.revision)
    return None if tree is None else tree.of(deployed.stack)


def held(deployed: Mapping[StackId, Deployed], now: Mapping[StackId, Inputs]) -> tuple[Deployed, ...]:
    """Return the stacks that were rolled back from what the tree still has; `now` is its `Tree.inputs`."""
    return tuple(each for each in deployed.values() if _is_held(each, now))


def _is_held(deployed: Deployed, now: Mapping[StackId, Inputs]) -> bool:
    inputs = now.get(deployed.stack)
    held = deployed.tags.get(HELD)
    return inputs is not None and held is not None and held == own_digest(deployed.stack, inputs)


def _removal(deployed: Deployed, environment: str, history: History, moved: Sequence[Renamed]) -> Removal:
    model = model_of(deployed.stack)
    tree = None if deployed.revision is None else history(deployed.revision)
    return Removal(
        model,
        environment,
        deployed.revision,
        is_known=tree is not None,
        is_retired=tree is not None and tree.is_retired(model, environment),
        renamed=renamed_to(model, moved),
    )


def belongs(stack: StackId, environment: str) -> bool:
    """Tell whether a stack of a backend is one of the environment: others may keep theirs there."""
    try:
        return environment_of(stack) == environment
    except UserError:
        return False


def _short(revision: str) -> str:
    return revision[:12]


def held_note(deployed: Deployed) -> str:
    """Return a sentence on a stack that is held."""
    to = f" to {_short(deployed.revision)}" if deployed.revision else ""
    model, environment = model_of(deployed.stack), environment_of(deployed.stack)
    folder = f"models/{model}/"
    if deployed.tags.get(INPUTS) == UNDER_WAY:
        goes_on = f"`./dev rollback {model} --env {environment}` goes on"
        return f"A rollback of {deployed.stack} was cut off: {goes_on}; nothing is deployed until {folder} changes."
    return f"{deployed.stack} was rolled back{to} and is held: it is deployed again once {folder} changes."


def _stranger_note(stack: StackId) -> str:
    return f"The backend also holds {stack}, which is no stack of this environment: it is left alone."
