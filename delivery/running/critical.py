"""How long a delivery takes at least: what no order of its stacks could have beaten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from delivery.records import DeliveryRecord
from delivery.running.jobs import Job


@dataclass(frozen=True)
class CriticalPath:
    """Seconds of the longest chain of stacks that wait for each other; each stack takes what it took."""

    layers: float
    """Where stacks wait for the layer above them alone: the longest stack of each layer, added up."""
    limited: float
    """Where they also wait for each other, because only `limit` are worked on at once."""
    limit: int


def of(record: DeliveryRecord, layers: Iterable[Iterable[Job]], limit: int) -> CriticalPath:
    """Return the critical path of a delivery whose stacks were worked on in these `layers`, one after the other."""
    took = {each.stack: each.seconds for each in record.stacks}
    seconds = [[took.get(job.stack, 0.0) for job in layer] for layer in layers]
    return CriticalPath(
        sum(max(layer, default=0.0) for layer in seconds),
        sum(shortest(layer, limit) for layer in seconds),
        limit,
    )


def shortest(seconds: Sequence[float], limit: int) -> float:
    """Return the time that work of these durations takes at least with `limit` at once.

    Either all places are busy all the time; or, of the longest `limit` * n + 1, one place has n + 1, which takes it as
    long as the n + 1 shortest of them: for n = 0 the longest.
    """
    ordered = sorted(seconds, reverse=True)
    chains = (sum(ordered[last - last // limit : last + 1]) for last in range(0, len(ordered), limit))
    return max(sum(ordered) / limit, *chains, 0.0)
