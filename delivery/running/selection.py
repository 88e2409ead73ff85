"""Which stacks an operation is about: all, those of some models, those that differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from delivery import stacks
from delivery.errors import DeliveryError
from delivery.planning import removals, shards, trees
from delivery.planning.deployment import belongs, deployment, held, held_note
from delivery.planning.differences import Action, Affected, EnvironmentPlan
from delivery.planning.inputs import Tree
from delivery.planning.plans import history, pull_request
from delivery.records import Operation
from delivery.running.jobs import Job
from delivery.running.wanted import Wanted
from delivery.stacks import StackId
from delivery.tags import Deployed
from shared.documents import DocumentError, nearest
from shared.model import contracts, description
from shared.projects import MODEL, split_model_stack

_ASKED = ("was asked for",)


def selected(wanted: Wanted, tree: Tree, deployed: Mapping[StackId, Deployed]) -> EnvironmentPlan:
    """Return the stacks that somebody wants worked on; `deployed` are those of the environment's backend.

    Raises RevisionError for a base that cannot be compared with, DeliveryError for an unknown model, shard, or a model
    that was removed without being retired.
    """
    chosen = _chosen(wanted, tree, deployed)
    found = chosen.stacks
    if wanted.models:
        require_models(wanted.models, tree, deployed)
        found = _only(found, wanted, tree)
    if wanted.layer is not None:
        found = tuple(each for each in found if each.stack.project == wanted.layer)
    if wanted.shard is not None:
        found = shards.shard(found, wanted.shard)
    gone = {each.stack for each in found if each.action is Action.DESTROY}
    removals.check(each for each in chosen.removals if stacks.model(each.model, each.environment) in gone)
    if wanted.operation is Operation.DESTROY:
        found = tuple(replace(each, action=Action.DESTROY) for each in found)
    return replace(chosen, stacks=found)


def _chosen(wanted: Wanted, tree: Tree, deployed: Mapping[StackId, Deployed]) -> EnvironmentPlan:
    environment = wanted.environment
    if wanted.operation in {Operation.DESTROY, Operation.REFRESH}:
        there = [stack for stack in deployed if belongs(stack, environment)]
        return EnvironmentPlan(environment, tuple(Affected(stack, Action.DEPLOY, _ASKED) for stack in there))
    if wanted.base is not None:
        commit = trees.commit(tree.root, wanted.base)
        trees.require_ancestor(tree.root, wanted.base)
        found = pull_request(Tree.at(tree.root, commit), tree, environment, commit)
        return _without(found, held(deployed, tree.inputs(environment)))
    found = deployment(deployed, tree, environment, history(tree.root))
    return _with_all(found, tree, environment) if wanted.everything else found


def _without(found: EnvironmentPlan, kept: Sequence[Deployed]) -> EnvironmentPlan:
    """Return the plan without the stacks that stay as they were rolled back, which it tells."""
    stay = frozenset(each.stack for each in kept)
    return replace(
        found,
        stacks=tuple(each for each in found.stacks if each.stack not in stay),
        notes=(*found.notes, *map(held_note, kept)),
        held=stay,
    )


def _with_all(found: EnvironmentPlan, tree: Tree, environment: str) -> EnvironmentPlan:
    """Return the plan with the stacks that do not differ as well; one that was rolled back stays as it is held."""
    differ = {each.stack: each for each in found.stacks}
    everything = tuple(
        differ.pop(stack, Affected(stack, Action.DEPLOY, _ASKED))
        for stack in tree.stacks(environment)
        if stack not in found.held
    )
    return replace(found, stacks=(*everything, *differ.values()))


def _only(found: Sequence[Affected], wanted: Wanted, tree: Tree) -> tuple[Affected, ...]:
    """Return those of the models that are wanted; one that does not differ is worked on all the same."""
    names = [stacks.model(model, wanted.environment) for model in wanted.models]
    chosen = tuple(each for each in found if each.stack in names)
    differ = {each.stack for each in chosen}
    same = (stack for stack in tree.stacks(wanted.environment) if stack in names and stack not in differ)
    return (*chosen, *(Affected(stack, Action.DEPLOY, _ASKED) for stack in same))


def known_models(tree: Tree, deployed: Iterable[StackId]) -> tuple[str, ...]:
    """Return the models that have a folder or a stack, alphabetically."""
    stored = {stack.name.rpartition(".")[0] for stack in deployed if stack.project == MODEL}
    return tuple(sorted({*tree.models(), *stored}))


def require_models(models: Iterable[str], tree: Tree, deployed: Mapping[StackId, Deployed]) -> None:
    """Raise DeliveryError for a model that has neither a folder nor a stack."""
    names = known_models(tree, deployed)
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


def checked(chosen: Iterable[Affected], root: Path) -> Checked:
    """Read the folders of the models that are to be deployed."""
    jobs: list[Job] = []
    refused: dict[StackId, str] = {}
    for each in chosen:
        destroys = each.action is Action.DESTROY
        owner = ""
        if each.stack.project == MODEL and not destroys:
            model, environment = split_model_stack(each.stack.name)
            try:
                found = description.load(model, environment, root=root)
                owner = found.owner
                contracts.load(model, found, root=root)
            except DocumentError as error:
                refused[each.stack] = str(error)
        jobs.append(Job(each.stack, each.reasons, destroys, owner))
    return Checked(tuple(jobs), refused)
