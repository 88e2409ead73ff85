"""What a pull request or a deployment affects, in each environment."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from delivery import tags
from delivery.planning import removals, trees
from delivery.planning.deployment import History, deployment
from delivery.planning.differences import Action, EnvironmentPlan, affected, renamed, renamed_to
from delivery.planning.inputs import Tree, model_of
from delivery.planning.removals import Removal
from delivery.planning.trees import RevisionError
from delivery.stacks import StackId
from shared import environments
from shared.environments import LOCAL

CopyState = Callable[[str, Path], Iterable[StackId]]
"""Copies a backend, named by its URL, into a folder, and returns the stacks that are damaged: `delivery.state.copy`."""


@dataclass(frozen=True)
class Plan:
    """What happens in all environments that were asked for."""

    revision: str
    """The commit that it is about; empty for a tree with changes that are not committed."""
    base: str
    """The commit that it was compared with; empty when it was compared with what is deployed."""
    environments: tuple[EnvironmentPlan, ...]
    """In their order of promotion."""
    notes: tuple[str, ...] = ()
    """Sentences on the whole."""


def chosen(root: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Return the environments to plan, in their order of promotion: those named, or all but that of laptops.

    Raises DocumentError when there is none of a name, or a file in environments/ is wrong.
    """
    for name in names:
        environments.load(name, root)
    ordered = environments.load_all(root)
    return tuple(name for name in ordered if (name in names if names else name != LOCAL))


def against_base(root: Path, names: Sequence[str], base: str) -> Plan:
    """Return what the tree at `root` affects, compared with the revision `base`, in the environments of those names.

    Raises RevisionError when there is no such revision, or head does not build on it, and DeliveryError when a model
    was removed that was not retired.
    """
    commit = trees.commit(root, base)
    trees.require_ancestor(root, base)
    head, before = Tree(root), Tree.at(root, commit)
    found = [pull_request(before, head, name, commit) for name in names]
    gone = (name for name in before.environments() if name not in head.environments())
    return _checked(root, commit, found, notes=[_environment_gone(name) for name in gone])


def against_deployed(root: Path, names: Sequence[str], copy: CopyState) -> Plan:
    """Return what the tree at `root` affects, compared with what is deployed in the environments of those names.

    Raises DeliveryError when a backend cannot be read, or a model was removed that was not retired.
    """
    head = Tree(root)
    found = []
    for name in names:
        with tempfile.TemporaryDirectory(prefix="model-gateway-state-") as folder:
            damaged = copy(environments.load(name, root).backend_url(root), Path(folder))
            found.append(deployment(tags.deployed(Path(folder), damaged), head, name, history(root)))
    return _checked(root, "", found, notes=[])


def history(root: Path) -> History:
    """Return what gives the trees of the revisions of the repository at `root`, each read once."""

    @cache
    def at(revision: str) -> Tree | None:
        try:
            return Tree.at(root, revision)
        except RevisionError:
            return None

    return at


def pull_request(base: Tree, head: Tree, environment: str, revision: str) -> EnvironmentPlan:
    """Return what differs in an environment between two trees; `revision` names the first.

    On a laptop, where nobody is cut off, a model may go without being retired.
    """
    # Head first: what it has read of the tree on disk, the base need not read from git's store.
    now = head.inputs(environment)
    before = base.inputs(environment)
    found, moved = affected(before, now), renamed(before, now)
    gone = [model_of(each.stack) for each in found if each.action is Action.DESTROY and environment != LOCAL]
    return EnvironmentPlan(
        environment,
        found,
        tuple(str(each) for each in moved),
        tuple(
            Removal(
                model,
                environment,
                revision,
                is_known=True,
                is_retired=base.is_retired(model, environment),
                renamed=renamed_to(model, moved),
            )
            for model in gone
        ),
    )


def _checked(root: Path, base: str, found: Sequence[EnvironmentPlan], notes: Sequence[str]) -> Plan:
    """Return the plan. Raises DeliveryError when it takes away what was not retired."""
    removals.check(removal for each in found for removal in each.removals)
    dirty = trees.is_dirty(root)
    told = ("The tree has changes that are not committed; they are part of the plan.",) if dirty else ()
    return Plan("" if dirty else trees.commit(root, "HEAD"), base, tuple(found), (*told, *notes))


def _environment_gone(name: str) -> str:
    return (
        f"environments/{name}.yaml was removed: what is deployed there stays as it is "
        '(docs/operating.md, "Taking an environment down").'
    )
