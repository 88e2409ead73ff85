"""Values that fit schemas, made where a document shows none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from shared.contracts.contract import Contract
from shared.contracts.dialect import Dialect
from shared.contracts.examples import example
from shared.contracts.validation import why_not
from tests.unit.contracts.schema_strategies import documents
from tests.unit.contracts.test_dialect_properties import translated


def _made(schema: JsonValue, **others: JsonValue) -> JsonValue:
    contract = Contract((), {"Body": schema, **others})
    made = example("Body", contract)
    assert made is None or why_not(made, "Body", contract) is None
    return made


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        ({"type": "string", "example": "abc"}, "abc"),
        ({"type": "string", "default": "x"}, "x"),
        ({"type": "string", "example": 1, "default": "x"}, "x"),
        ({"enum": [None, "a"]}, "a"),
        ({"type": "string", "minLength": 8}, "stringss"),
        ({"type": "string", "maxLength": 2}, "st"),
        ({"type": "string", "pattern": "^[A-Z]{2}-\\d+$"}, "AA-0"),
        ({"type": "string", "pattern": "^[a-z]+$", "minLength": 4}, "aaaa"),
        ({"type": "string", "description": "When.\n\nFormat: date-time."}, "2026-01-31T12:00:00Z"),
        ({"type": "number", "multipleOf": 1, "minimum": 3, "exclusiveMinimum": True}, 4),
        ({"type": "number", "minimum": 0.2, "maximum": 0.3}, 0.2),
        ({"type": "number", "multipleOf": 7, "minimum": 10}, 14),
        ({"type": "number", "maximum": -5}, -5),
        ({"type": "boolean"}, False),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [False, False]),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": True}, [False, True]),
        ({"type": "array", "items": {"not": {}}}, []),
        (
            {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"type": "number"}, "b": {}, "c": {"type": "string", "example": "x"}},
            },
            {"a": 0.0, "c": "x"},
        ),
        (
            {"type": "object", "minProperties": 1, "additionalProperties": {"type": "boolean"}},
            {"key0": False},
        ),
        ({"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"enum": [3]}}}]}, {"a": 3}),
        ({"anyOf": [{"not": {}}, {"type": "string", "enum": ["b"]}]}, "b"),
        ({"properties": {"a": {}}}, {}),
        ({"not": {}}, None),
        ({"type": "number", "minimum": 2, "maximum": 1}, None),
        ({"type": "array", "minItems": 1000, "items": {}}, None),
        ({"type": "object", "minProperties": 10**30}, None),
        ({"type": "string", "minLength": 10**30}, None),
        ({"type": "string", "minLength": 10**30, "pattern": "^a*$"}, None),
    ],
)
def test_made(schema: JsonValue, made: JsonValue) -> None:
    assert _made(schema) == made


def test_schemas_that_refer_to_themselves() -> None:
    tree: JsonValue = {
        "type": "object",
        "required": ["children"],
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/Body"}}},
    }
    assert _made(tree) is not None
    endless: JsonValue = {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"$ref": "#/components/schemas/Body"}},
    }
    assert _made(endless) is None


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(document=documents(Dialect.DRAFT_2020_12) | st.just({}))
def test_what_is_made_fits(document: JsonValue) -> None:
    translation = translated(document, Dialect.DRAFT_2020_12)
    contract = Contract((), translation.schemas)
    made = example(translation.names[0], contract)
    assert made is None or why_not(made, translation.names[0], contract) is None
