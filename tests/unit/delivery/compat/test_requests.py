"""What consumers send: everything that was taken must still be."""

import pytest
from pydantic import JsonValue

from tests.unit.delivery.compat.making import NUMBER, TEXT, WHOLE, field, fields, requests


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (fields("a"), fields("a", "b"), ["compatible: the request's field `b` is new and optional"]),
        (
            fields("a"),
            fields("a", "b", required=("b",)),
            ["breaking: the request's field `b` is new and required"],
        ),
        (fields("a"), fields("a", required=("a",)), ["breaking: the request's field `a` is required now"]),
        (fields("a", required=("a",)), fields("a"), ["compatible: the request's field `a` is optional now"]),
        (
            fields("a", "b"),
            fields("a"),
            ["compatible: the request's field `b` is gone; what it says is no longer checked"],
        ),
        (
            fields("a", "b", others=False),
            fields("a", others=False),
            [
                "breaking: the request's field `b` is gone, and fields without a name in the contract are refused"
            ],
        ),
        (
            fields("a"),
            fields("a", others=False),
            ["breaking: the request no longer takes fields that it does not name"],
        ),
        (
            fields("a", others=WHOLE),
            fields("a", "b", others=WHOLE),
            [
                "breaking: the request's field `b` no longer takes whole numbers",
                "compatible: the request's field `b` is new and optional",
                "compatible: the request's field `b` now also takes texts",
            ],
        ),
    ],
)
def test_fields(old: JsonValue, new: JsonValue, told: list[str]) -> None:
    assert requests(old, new) == told


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (NUMBER, WHOLE, "numbers with a fraction"),
        ({"type": "string", "nullable": True}, TEXT, "null"),
        ({"enum": ["FP32", "FP64"]}, {"enum": ["FP64"]}, "`FP32`"),
        (TEXT, {"type": "string", "enum": ["a", "b"]}, "values other than `a` and `b`"),
        (WHOLE, {"type": "integer", "minimum": 1}, "numbers below 1"),
        (NUMBER, {"type": "number", "minimum": 1, "exclusiveMinimum": True}, "numbers up to 1"),
        ({"type": "number", "maximum": 5}, {"type": "number", "maximum": 4.5}, "numbers above 4.5"),
        (WHOLE, {"type": "integer", "multipleOf": 2}, "numbers that are no multiple of 2"),
        (TEXT, {"type": "string", "minLength": 1}, "texts of fewer than 1 character"),
        (TEXT, {"type": "string", "maxLength": 5}, "texts of more than 5 characters"),
        (TEXT, {"type": "string", "pattern": "^a"}, "texts that do not match `^a`"),
        (
            {"type": "string", "pattern": "^a"},
            {"type": "string", "pattern": "^b"},
            "texts that do not match `^b` (what that leaves of `^a` cannot be told)",
        ),
        (TEXT, {"type": "string", "format": "date"}, "values that are no `date`"),
        (TEXT, {"type": "string", "description": "A day.\n\nFormat: date."}, "values that are no `date`"),
        ({"type": "array"}, {"type": "array", "minItems": 1}, "lists of fewer than 1 item"),
        ({"type": "array", "maxItems": 4}, {"type": "array", "maxItems": 3}, "lists of more than 3 items"),
        ({"type": "array"}, {"type": "array", "uniqueItems": True}, "lists that hold an item twice"),
        ({"type": "object"}, {"type": "object", "minProperties": 1}, "maps of fewer than 1 field"),
        ({"type": "object"}, {"type": "object", "maxProperties": 1}, "maps of more than 1 field"),
        ({"anyOf": [TEXT, WHOLE]}, {"anyOf": [TEXT]}, None),
        (
            TEXT,
            {"type": "string", "not": {"pattern": "^a"}},
            "values that a `not` forbids; which ones cannot be told",
        ),
        (
            {"oneOf": [TEXT, WHOLE]},
            {"oneOf": [TEXT, {"type": "integer"}, NUMBER]},
            None,
        ),
    ],
)
def test_a_narrowed_field_breaks_and_says_which_values_are_refused(
    old: JsonValue, new: JsonValue, lost: str | None
) -> None:
    told = requests(field(old), field(new))

    assert told[0].startswith("breaking: the request's field `a")
    if lost is not None:
        assert told == [f"breaking: the request's field `a` no longer takes {lost}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, {"type": "integer", "minimum": 1}),
        ({"type": "integer"}, {"type": "integer", "multipleOf": 1}),
        ({"type": "string", "enum": ["aa"]}, {"type": "string", "maxLength": 2}),
        ({"type": "integer", "format": "int32"}, {"type": "integer", "format": "int64"}),
        ({"type": "array", "maxItems": 1}, {"type": "array", "maxItems": 1, "uniqueItems": True}),
        ({"allOf": [{"minimum": 2}, {"type": "integer"}]}, {"type": "integer", "minimum": 1}),
        ({"type": "string", "nullable": True}, {"anyOf": [{"enum": [None]}, TEXT]}),
        ({"oneOf": [TEXT, {"type": "integer", "minimum": 3}]}, {"oneOf": [TEXT, WHOLE]}),
        ({"not": WHOLE, "type": "number"}, {"not": {"type": "integer", "minimum": 3}}),
    ],
)
def test_what_takes_no_less_does_not_break(old: JsonValue, new: JsonValue) -> None:
    assert not [told for told in requests(field(old), field(new)) if told.startswith("breaking")]


def test_a_changed_type_is_told_from_both_sides() -> None:
    assert requests(field(TEXT), field(WHOLE)) == [
        "breaking: the request's field `a` no longer takes texts",
        "compatible: the request's field `a` now also takes whole numbers",
    ]


def test_what_cannot_be_told_is_told_once_as_breaking() -> None:
    old, new = (field({"type": "string", "pattern": pattern}) for pattern in ("^a", "^b"))

    assert len(requests(old, new)) == 1


def test_a_difference_in_a_schema_that_leads_to_itself_is_told() -> None:
    def tree(value: JsonValue) -> dict[str, JsonValue]:
        child: JsonValue = {"$ref": "#/components/schemas/Tree"}
        children: JsonValue = {"type": "array", "items": child}
        return {"Tree": {"type": "object", "properties": {"value": value, "children": children}}}

    root: JsonValue = {"$ref": "#/components/schemas/Tree"}

    assert requests(root, root, (tree(NUMBER), tree(NUMBER))) == []
    assert requests(root, root, (tree(NUMBER), tree(WHOLE))) == [
        "breaking: the request's field `value` no longer takes numbers with a fraction"
    ]


def test_an_alternative_is_called_by_the_name_of_its_schema() -> None:
    def tensor(name: str, datatypes: list[JsonValue]) -> JsonValue:
        properties: JsonValue = {"name": {"enum": [name]}, "datatype": {"enum": datatypes}}
        return {"type": "object", "required": ["name", "datatype"], "properties": properties}

    def schemas(datatypes: list[JsonValue]) -> dict[str, JsonValue]:
        return {"Length": tensor("length", datatypes), "Width": tensor("width", ["FP64"])}

    names = ("Length", "Width")
    body: JsonValue = {
        "type": "array",
        "items": {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]},
    }

    assert requests(body, body, (schemas(["FP32", "FP64"]), schemas(["FP64"]))) == [
        "breaking: the request's field `[](Length).datatype` no longer takes `FP32`"
    ]


def test_what_an_alternative_names_may_be_sent_with_its_neighbour() -> None:
    second = fields("b")
    narrowed: JsonValue = {"type": "object", "properties": {"a": TEXT, "b": WHOLE}}

    told = requests({"anyOf": [fields("a"), second]}, {"anyOf": [narrowed, second]})

    assert told[0].startswith("breaking: the request's field `(1).b` no longer takes ")


def forms(*names: str) -> JsonValue:
    """Return a map that has one of two fields, as MLflow's requests have one of four."""
    table: dict[str, JsonValue] = {"type": "object", "required": [*names]}
    properties: dict[str, JsonValue] = {"one": table, "two": TEXT}
    return {
        "type": "object",
        "properties": properties,
        "oneOf": [{"required": ["one"]}, {"required": ["two"]}],
    }


def test_what_alternatives_have_in_common_is_told_once() -> None:
    assert requests(forms("a"), forms("a", "b")) == ["breaking: the request's field `one.b` is required now"]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"enum": ["a"]}, {"enum": ["b"]}, "lists without `b`"),
        ({"required": ["a"]}, {"required": ["b"]}, "lists in which no item has `b`"),
        (
            {"enum": ["a"]},
            {"enum": ["b", "c"]},
            "values that a `not` forbids; which ones cannot be told",
        ),
    ],
)
def test_what_a_list_has_to_hold_is_told(first: JsonValue, second: JsonValue, told: str) -> None:
    lacking: list[JsonValue] = [{"items": {"not": each}} for each in (first, second)]
    old: JsonValue = {"type": "array", "not": lacking[0]}
    new: JsonValue = {"type": "array", "not": {"anyOf": lacking}}

    assert requests(old, new) == [f"breaking: the request no longer takes {told}"]
    assert requests(new, old) == [f"compatible: the request now also takes {told}"]


def test_schemas_too_entangled_to_be_compared_break() -> None:
    def nested(depth: int, leaf: JsonValue) -> JsonValue:
        if depth == 0:
            return leaf
        inner = nested(depth - 1, leaf)
        other: dict[str, JsonValue] = {"type": "object", "properties": {"a": inner}, "required": ["b"]}
        return {
            "anyOf": [{"type": "object", "properties": {"a": inner}}, other, {**other, "required": ["c"]}]
        }

    told = requests(nested(7, NUMBER), nested(7, WHOLE))

    assert told[0].startswith("breaking: ")
    assert any("too entangled to be compared" in sentence for sentence in told)
