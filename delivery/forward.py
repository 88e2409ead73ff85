"""Deployments go forward: an old commit never takes the place of a newer one by accident."""

from collections.abc import Iterable
from pathlib import Path

from delivery import trees
from delivery.errors import DeliveryError
from delivery.tags import Deployed


def require_forward(root: Path, stacks: Iterable[Deployed | None]) -> None:
    """Raise DeliveryError when the tree at `root` is older than what is deployed in one of the stacks.

    That is so when an old run of a workflow is repeated, or when two runs overtake each other.
    """
    head = trees.commit(root, "HEAD")
    for revision in sorted({stack.revision for stack in stacks if stack and stack.revision} - {head}):
        if trees.is_ancestor(root, head, revision):
            raise DeliveryError(
                f"What is deployed comes from {revision[:12]}, which builds on {head[:12]}, the commit here. An older "
                "commit is not deployed over a newer one: deploy that one; `./dev rollback` takes a model back."
            )
