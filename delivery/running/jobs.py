"""What is to be done, in which order: layers one after the other, the stacks of one layer beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from delivery.stacks import StackId
from shared.projects import FOUNDATION, MODEL, PLATFORM

_ORDER = {FOUNDATION: 0, PLATFORM: 1, MODEL: 2}


@dataclass(frozen=True)
class Job:
    """One stack to work on."""

    stack: StackId
    reasons: tuple[str, ...] = ()
    """Why it was chosen."""
    destroys: bool = False
    """Whether the stack is destroyed, because its model or environment is gone or somebody asked for it."""
    owner: str = ""
    """The e-mail address of the team that owns the model; empty for the layers below."""


def in_layers(jobs: Iterable[Job]) -> tuple[tuple[Job, ...], ...]:
    """Return the jobs in groups: each begins when the one before has ended.

    What is deployed goes from the foundation up. Then what is destroyed goes from the models down.
    """
    ordered = sorted(jobs, key=_rank)
    return tuple(tuple(group) for _, group in groupby(ordered, key=_rank))


def _rank(job: Job) -> tuple[bool, int]:
    place = _ORDER[job.stack.project]
    return job.destroys, -place if job.destroys else place
