"""Many stacks on several runners: which runner takes which."""

import hashlib
import re
from collections.abc import Iterable

from delivery.errors import DeliveryError
from delivery.planning.differences import Affected
from delivery.planning.inputs import model_of
from delivery.stacks import StackId
from shared.projects import MODEL

MOST = 4
"""Runners that share an environment's stacks, unless somebody asks for more."""
_SMALLEST = 10
"""Stacks for which a runner is worth its start."""


def count(stacks: int, most: int, smallest: int = _SMALLEST) -> int:
    """Return how many runners share so many stacks: one for each `smallest`, at least one and at most `most`."""
    return max(1, min(most, stacks // smallest))


def shard(stacks: Iterable[Affected], part: str) -> tuple[Affected, ...]:
    """Return those of the stacks that belong to a part such as `2/3`, in their order.

    Foundations and platforms belong to the first part. A model belongs to the one that its name alone decides: parts
    that start at different times see different stacks, and none may fall between them.

    Raises DeliveryError when there is no such part.
    """
    number, of = _parsed(part)
    return tuple(each for each in stacks if _number(each.stack, of) == number)


def _number(stack: StackId, of: int) -> int:
    if stack.project != MODEL:
        return 1
    return int.from_bytes(hashlib.sha256(model_of(stack).encode()).digest()) % of + 1


def _parsed(part: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", part)
    if found is None or int(found[1]) > int(found[2]):
        raise DeliveryError(f'There is no shard "{part}": name one as 2/3, the second of three.')
    return int(found[1]), int(found[2])
