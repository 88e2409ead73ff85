"""Where a rollback goes, and what it keeps from being deployed again: told from a stack's tags."""

from collections.abc import Callable
from pathlib import Path

from delivery.errors import DeliveryError
from delivery.planning import trees
from delivery.planning.inputs import Inputs, Tree, own_digest
from delivery.planning.old_tree import short
from delivery.stacks import StackId
from delivery.tagging import Tags
from delivery.tags import FOLDER, HELD, INPUTS, PREVIOUS, REVISION, UNCOMMITTED, UNDER_WAY, Deployed

TreeOf = Callable[[str], Tree]
"""Gives the tree of a commit."""


def destination(root: Path, deployed: Deployed, named: str | None) -> str:
    """Return the commit to go back to: the one that was named, or the last one that was deployed to its end.

    Raises DeliveryError when none was named and the stack tells of none, or when this clone lacks it.
    """
    if named is not None:
        return trees.commit(root, named)
    tags = deployed.tags
    # An update that failed has left the tag `revision` as it was: at what was deployed before it. So has a rollback
    # that was cut off, at the bad release: that one is held.
    failed = tags.get(INPUTS) == UNDER_WAY and HELD not in tags
    last = tags.get(REVISION if failed else PREVIOUS)
    if last is None or last == UNCOMMITTED:
        raise DeliveryError(_unknown(deployed, last))
    return trees.commit(root, last)


def _unknown(deployed: Deployed, last: str | None) -> str:
    now = deployed.tags.get(REVISION)
    if last == UNCOMMITTED:
        told = "was deployed before from a tree that was not committed"
    elif HELD in deployed.tags:
        told = "was rolled back already, and does not tell what was deployed before that"
    elif now is None:
        told = "has no tag that tells what was deployed before"
    else:
        told = f"was deployed from no other revision than {short(now)}"
    return f"{deployed.stack} {told}: name the revision to go back to, with --to REV."


def held_back(deployed: Deployed, today: Tree, tree_of: TreeOf) -> str:
    """Return the digest of the folder that is not to be deployed again: the bad release.

    A stack that is held already keeps holding the same. Otherwise it is what is deployed, and after an update that
    failed, or from a tree that was not committed, what the tree of today has.
    """
    if HELD in deployed.tags:
        return deployed.tags[HELD]
    revision = deployed.tags.get(REVISION)
    if revision in {None, UNCOMMITTED} or deployed.tags.get(INPUTS) == UNDER_WAY:
        return _digest(deployed.stack, today)
    return _digest(deployed.stack, tree_of(str(revision)))


def require_difference(deployed: Deployed, held: str, then: Tree, revision: str) -> None:
    """Raise DeliveryError when going back would bring the same folder."""
    if _digest(deployed.stack, then) == held:
        raise DeliveryError(
            f"The folder of {deployed.stack} is the same in {short(revision)} as in what is deployed: going back would "
            "change nothing. Name another revision with --to REV; what came from shared/ or stacks/ is reverted in the "
            "repository."
        )


def _digest(stack: StackId, tree: Tree) -> str:
    return own_digest(stack, tree.of(stack) or Inputs({}))


def tags_after(deployed: Deployed, revision: str, inputs: Inputs, held: str) -> Tags:
    """Return what to write on the stack: what is deployed now, what is held back, and no previous revision.

    That would be the bad one: whoever goes back once more has to say where to. The hold is written first, so that no
    deployment brings the bad release again over a rollback that was cut off.
    """
    return Tags(
        values={REVISION: revision, FOLDER: own_digest(deployed.stack, inputs), INPUTS: inputs.digest},
        takes_back_inputs=INPUTS in deployed.tags,
        removed=(PREVIOUS,) if PREVIOUS in deployed.tags else (),
        first={HELD: held},
    )
