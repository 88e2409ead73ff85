"""Deployments go forward: an old commit never takes the place of a newer one by accident."""

from collections.abc import Iterable
from pathlib import Path

from delivery.errors import DeliveryError
from delivery.planning import trees
from delivery.tags import UNCOMMITTED, Deployed


def require_forward(root: Path, stacks: Iterable[Deployed | None], *, takes_all: bool = False) -> None:
    """Raise DeliveryError when the tree at `root` is older than what is deployed in one of the stacks.

    That is so when an old run of a workflow is repeated, when two runs overtake each other, or where a clone was not
    updated: that one lacks the commit that is deployed. With `takes_all`, where somebody asked for every stack whatever
    is deployed, such a commit may be missing: history that was rewritten has it nowhere.
    """
    head = trees.commit(root, "HEAD")
    named = {stack.revision for stack in stacks if stack and stack.revision}
    for revision in sorted(named - {head, UNCOMMITTED}):
        if not trees.has(root, revision) and not takes_all:
            raise DeliveryError(
                f"What is deployed comes from {revision[:12]}, which is not in this clone, so it may be newer than "
                f"{head[:12]}, the commit here: `git fetch` (in a shallow clone with --unshallow), and bring the "
                "branch up to date. If it is nowhere any more, --all deploys every stack from here."
            )
        if trees.is_ancestor(root, head, revision):
            raise DeliveryError(
                f"What is deployed comes from {revision[:12]}, which builds on {head[:12]}, the commit here. An older "
                "commit is not deployed over a newer one: deploy that one; `./dev rollback` takes a model back."
            )
