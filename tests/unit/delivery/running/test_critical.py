"""What a delivery takes at least, from what each of its stacks took."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery import stacks
from delivery.records import DeliveryRecord, Operation, Outcome, StackRecord
from delivery.running import critical, words
from delivery.running.critical import CriticalPath
from delivery.running.jobs import Job, in_layers
from delivery.stacks import StackId


def _fastest(seconds: Sequence[int], limit: int) -> int:
    """Return what the best of all ways to share the work takes."""
    shares = product(range(limit), repeat=len(seconds))
    return min(
        max(
            sum(each for each, place in zip(seconds, share, strict=True) if place == at)
            for at in range(limit)
        )
        for share in shares
    )


@given(st.lists(st.integers(0, 9), max_size=7), st.integers(1, 3))
def test_nothing_is_faster_than_the_critical_path(seconds: list[int], limit: int) -> None:
    assert critical.shortest(seconds, limit) <= _fastest(seconds, limit)


@pytest.mark.parametrize(
    ("seconds", "limit", "least"),
    [
        ([], 4, 0),
        ([3, 9, 4], 4, 9),  # the longest
        ([5, 5, 5, 5, 5], 4, 10),  # the fifth waits for one of four
        ([1, 1, 1, 1, 9], 4, 9),
        ([1, 1, 1, 1, 1, 1, 1, 5], 2, 6),  # both places are always busy
    ],
)
def test_the_critical_path_of_a_layer(seconds: list[float], limit: int, least: float) -> None:
    assert critical.shortest(seconds, limit) == least


def _record(took: dict[StackId, float]) -> DeliveryRecord:
    return DeliveryRecord(
        environment="dev",
        operation=Operation.UP,
        stacks=tuple(
            StackRecord(project=stack.project, name=stack.name, outcome=Outcome.DONE, seconds=seconds)
            for stack, seconds in took.items()
        ),
    )


_TOOK = {
    stacks.foundation("dev"): 10.0,
    stacks.platform("dev"): 20.0,
    **{stacks.model(name, "dev"): 4.0 for name in ("iris", "prices", "stock")},
}


def test_layers_wait_for_each_other_and_stacks_of_one_layer_for_a_place() -> None:
    layers = in_layers(Job(stack) for stack in _TOOK)
    assert critical.of(_record(_TOOK), layers, limit=2) == CriticalPath(34.0, 38.0, 2)


def test_the_summary_tells_the_critical_path_with_and_without_the_limit() -> None:
    told = words.summary(
        _record(_TOOK), seconds=40.0, critical=CriticalPath(34.0, 38.0, 2), again="", logs=""
    )
    assert told == (
        "dev: 5 stacks in 40.0 s: no changes.\n"
        "  Critical path: 38.0 s with 2 at once; 34.0 s without that limit."
    )
    told = words.summary(
        _record(_TOOK), seconds=40.0, critical=CriticalPath(34.0, 34.0, 4), again="", logs=""
    )
    assert told.endswith("\n  Critical path: 34.0 s with 4 at once, as without a limit.")


def test_a_single_stack_waits_for_none() -> None:
    alone = _record({stacks.foundation("dev"): 10.0})
    told = words.summary(alone, seconds=11.0, critical=CriticalPath(10.0, 10.0, 2), again="", logs="")
    assert told == "dev: 1 stack in 11.0 s: no changes."
