"""Where properties differ, and how values are shown."""

import pytest
from pydantic import JsonValue

from delivery.records import SECRET, UNKNOWN
from delivery.report.values import ABSENT, Value, differences, lines_between, shown, written
from delivery.report.words import plain


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": True}, {"a": 1}, [("a", True, 1)]),
        ({"a": None}, {}, [("a", None, ABSENT)]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}, 4]}, [("a[1].b", 2, 3), ("a[2]", ABSENT, 4)]),
        ({"a b": {"c.d": 1}}, {"a b": {"c.d": 2}}, [('["a b"]["c.d"]', 1, 2)]),
        ({"a": {"b": 1}}, {"a": [1]}, [("a", {"b": 1}, [1])]),
        ({"b": 1, "a": 1}, {"a": 2, "b": 2}, [("a", 1, 2), ("b", 1, 2)]),
        ({"a": [1, 2]}, {"a": [1, 2]}, []),
    ],
)
def test_every_leaf_that_differs_is_found_by_its_path(
    before: JsonValue, after: JsonValue, found: list[tuple[str, Value, Value]]
) -> None:
    assert list(differences(before, after)) == found


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (ABSENT, "nothing"),
        (UNKNOWN, "a value known after deployment"),
        (SECRET, SECRET),
        ({"b": [1], "a": True}, '{"a": true, "b": [1]}'),
        ("x" * 200, "x" * 159 + "…"),
    ],
)
def test_a_value_is_shown_on_one_line(value: Value, words: str) -> None:
    assert plain(shown(value)) == words


def test_an_unknown_part_of_a_text_is_named() -> None:
    assert written(f"https://{UNKNOWN}/a") == "https://[known after deployment]/a"


def test_texts_are_compared_line_by_line() -> None:
    assert lines_between("a\nb\nc", "a\nB\nc") == "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c"
    assert lines_between("a", "a") == ""
