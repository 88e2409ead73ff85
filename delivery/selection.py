"""Which stacks an operation is about: all, those of some models, those that a change affects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from delivery import plan, stacks
from delivery.errors import DeliveryError
from delivery.inputs import Tree
from delivery.plan import Affected
from delivery.running.jobs import Job
from delivery.stacks import StackId
from delivery.trees import commit, exported, require_ancestor
from shared.documents import DocumentError, nearest
from shared.layers import MODEL, split_model_stack
from shared.model import contracts, description


def everything(tree: Tree, environment: str) -> tuple[Job, ...]:
    """Return a job for every stack that the tree describes."""
    return tuple(Job(stack, ("was asked for",)) for stack in tree.stacks(environment))


def since(tree: Tree, base: str, environment: str) -> tuple[Job, ...]:
    """Return a job for every stack that differs between the revision `base` and the tree.

    Raises RevisionError when there is no such revision, or it is none that the tree builds on.
    """
    require_ancestor(tree.root, commit(tree.root, base))
    with exported(tree.root, base) as folder:
        return jobs(plan.affected(Tree(folder).inputs(environment), tree.inputs(environment)))


def jobs(found: Iterable[Affected]) -> tuple[Job, ...]:
    """Return a job for each stack that a change affects."""
    return tuple(Job(each.stack, each.reasons, each.action is plan.Action.DESTROY) for each in found)


def only(chosen: Sequence[Job], models: Sequence[str], environment: str) -> tuple[Job, ...]:
    """Return the jobs of those models, in the order of `chosen`; one that is not affected is worked on all the same."""
    by_stack = {job.stack: job for job in chosen}
    wanted = [stacks.model(model, environment) for model in dict.fromkeys(models)]
    return tuple(by_stack.get(stack, Job(stack, ("was asked for",))) for stack in wanted)


def require_models(tree: Tree, models: Iterable[str], known: Iterable[str] = ()) -> None:
    """Raise DeliveryError for a model that has neither a folder nor, as in `known`, a stack."""
    names = sorted({*tree.models(), *known})
    for model in models:
        if model not in names:
            listed = ", ".join(names) or "none"
            raise DeliveryError(f'There is no model "{model}".{nearest(model, names)} Models are: {listed}.')


@dataclass(frozen=True)
class Checked:
    """What the models' own files say before an engine is started."""

    jobs: tuple[Job, ...]
    """With the owner of each model."""
    refused: Mapping[StackId, str]
    """Models whose folder does not validate, with every fault of it in sentences."""


def checked(chosen: Iterable[Job], root: Path) -> Checked:
    """Read the folders of the models that are to be deployed."""
    described: list[Job] = []
    refused: dict[StackId, str] = {}
    for job in chosen:
        owner = ""
        if job.stack.project == MODEL and not job.destroys:
            model, environment = split_model_stack(job.stack.name)
            try:
                found = description.load(model, environment, root=root)
                owner = found.owner
                contracts.load(model, found, root=root)
            except DocumentError as error:
                refused[job.stack] = str(error)
        described.append(Job(job.stack, job.reasons, job.destroys, owner))
    return Checked(tuple(described), refused)
