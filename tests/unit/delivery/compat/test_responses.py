"""What consumers get: nothing may come that was not expected."""

import pytest
from pydantic import JsonValue

from tests.unit.delivery.compat.making import NUMBER, TEXT, WHOLE, fields, responses


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (fields("a"), fields("a", "b"), ["compatible: the response 200's field `b` is new"]),
        (fields("a", "b"), fields("a"), ["breaking: the response 200's field `b` is gone"]),
        (
            fields("a", "b", required=("b",)),
            fields("a"),
            ["breaking: the response 200's field `b` is gone"],
        ),
        (
            fields("a", required=("a",)),
            fields("a"),
            ["breaking: the response 200's field `a` may be missing now"],
        ),
        (
            fields("a"),
            fields("a", required=("a",)),
            ["compatible: the response 200's field `a` is always there now"],
        ),
        (
            fields("a", others=False),
            fields("a", "b", others=False),
            ["breaking: the response 200's field `b` is new, where the contract ruled other fields out"],
        ),
        (
            fields("a", others=False),
            fields("a"),
            ["breaking: the response 200 may now hold fields that it does not name"],
        ),
    ],
)
def test_fields(old: JsonValue, new: JsonValue, told: list[str]) -> None:
    assert responses(old, new) == told


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (WHOLE, NUMBER, "numbers with a fraction"),
        (TEXT, {"type": "string", "nullable": True}, "null"),
        ({"enum": ["cat"]}, {"enum": ["cat", "dog"]}, "`dog`"),
        ({"type": "number", "maximum": 1}, NUMBER, "numbers above 1"),
        ({"type": "string", "maxLength": 5}, TEXT, "texts of more than 5 characters"),
        ({"type": "array", "minItems": 1}, {"type": "array"}, "lists of fewer than 1 item"),
        (TEXT, {"anyOf": [TEXT, {"type": "array"}]}, None),
    ],
)
def test_a_widened_body_breaks_and_a_narrowed_one_does_not(
    old: JsonValue, new: JsonValue, what: str | None
) -> None:
    widened, narrowed = responses(old, new), responses(new, old)

    assert widened[0].startswith("breaking: the response 200")
    assert [told.partition(":")[0] for told in narrowed] == ["compatible"]
    if what is not None:
        assert widened == [f"breaking: the response 200 may now be {what}"]
        assert narrowed == [f"compatible: the response 200 is no longer {what}"]
