"""Phrases: periods, lists, and two values beside each other."""

import pytest

from delivery.report.words import Quoted, arrow, counted, listed, per, plain, say


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "per second"),
        (60, "per minute"),
        (90, "per 90 seconds"),
        (300, "per 5 minutes"),
        (3600, "per hour"),
        (86400, "per day"),
        (604800, "per week"),
        (2592000, "per 30 days"),
        (86401, "per 86401 seconds"),
    ],
)
def test_a_period_is_named_by_the_largest_unit_that_fits_exactly(seconds: int, words: str) -> None:
    assert per(seconds) == words


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("60 calls per minute", "600 calls per minute", "60 → 600 calls per minute"),
        ("60 calls per minute", "60 calls per hour", "60 calls per minute → 60 calls per hour"),
        ("need no approval", "need an approval", "need no approval → need an approval"),
        ("4", "5", "4 → 5"),
    ],
)
def test_a_shared_unit_is_said_once(before: str, after: str, words: str) -> None:
    assert plain(arrow(say(before), say(after))) == words


def test_lists_end_with_and() -> None:
    assert plain(listed(["a", Quoted("b"), "c"])) == "a, b and c"
    assert listed(["a", Quoted("b")]) == ("a and ", Quoted("b"))
    assert listed([]) == ()


def test_one_of_something_is_singular() -> None:
    assert (counted(1, "stack"), counted(0, "stack"), counted(2, "property", "properties")) == (
        "1 stack",
        "0 stacks",
        "2 properties",
    )
