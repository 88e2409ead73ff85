"""Schemas: one sentence with a path for each difference, and the differences as data for whoever judges them."""

import pytest
from pydantic import JsonValue

from delivery.report.telling.schemas import SchemaDifference, schema_differences
from delivery.report.values import ABSENT
from tests.unit.delivery.report.making import Inputs, told


def _inputs(schema: JsonValue) -> Inputs:
    return {"apiId": "iris-v1", "components": {"schemas": {"In": schema}}}


def _object(properties: Inputs, *required: str) -> JsonValue:
    return {"type": "object", "properties": properties, "required": list(required)}


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (
            _object({"a": {"type": "string"}}),
            _object({"a": {"type": "string"}, "b": {"type": "integer"}}, "b"),
            ["Schemas | v1: In.b: added (required, integer)"],
        ),
        (
            _object({"a": {"type": "string"}, "b": {"type": "integer"}}, "a"),
            _object({"a": {"type": "string"}}),
            ["Schemas | v1: In.b: removed (optional, integer)", "Schemas | v1: In.a: no longer required"],
        ),
        (_object({"a": {}}), _object({"a": {}}, "a"), ["Schemas | v1: In.a: required now"]),
        ({"type": "string"}, {"type": "integer"}, ["Schemas | v1: In, type: string → integer"]),
        (
            {"enum": ["a", "b"]},
            {"enum": ["b", "c"]},
            ["Schemas | v1: In, allowed values: c added; a removed"],
        ),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, ["Schemas | v1: In, allowed values: in another order"]),
        (
            {"type": "array", "items": {"type": "array", "items": {"maximum": 4}}},
            {"type": "array", "items": {"type": "array", "items": {"maximum": 5}}},
            ["Schemas | v1: In[][], largest value: 4 → 5"],
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
            ["Schemas | v1: In(2), type: string → boolean"],
        ),
        (
            {"oneOf": [{"type": "string"}]},
            {"oneOf": [{"type": "string"}, {"type": "boolean"}]},
            ["Schemas | v1: In(2): added (boolean)"],
        ),
        (
            {"$ref": "#/components/schemas/A"},
            {"$ref": "#/components/schemas/B"},
            ["Schemas | v1: In, schema: #/components/schemas/A → #/components/schemas/B"],
        ),
        (
            {"additionalProperties": {"type": "string"}},
            {"additionalProperties": {"type": "integer"}},
            ["Schemas | v1: In.*, type: string → integer"],
        ),
        ({}, {"additionalProperties": False}, ["Schemas | v1: In, other properties: nothing → false"]),
        ({"nullable": True}, {}, ["Schemas | v1: In, nullable: true → nothing"]),
        ({"description": "a"}, {"description": "b"}, ["Descriptions | v1: In, description: a → b"]),
        ({"x-other": 1}, {"x-other": [2]}, ["Schemas | v1: In, x-other: 1 → [2]"]),
    ],
)
def test_a_difference_is_a_sentence_with_its_path(
    before: JsonValue, after: JsonValue, sentences: list[str]
) -> None:
    assert told("ApiSchema", _inputs(before), _inputs(after)) == sentences


def test_whole_schemas_come_and_go() -> None:
    before: Inputs = {"apiId": "iris-v1", "components": {"schemas": {"A": {"type": "object"}}}}
    after: Inputs = {"apiId": "iris-v1", "components": {"schemas": {"B": {}}}}
    assert told("ApiSchema", before, after) == [
        "Schemas | v1: A: removed (object)",
        "Schemas | v1: B: added",
    ]
    assert told("ApiSchema", None, after) == ["Schemas | v1: schemas: added: B"]


def test_what_is_beside_the_schemas_is_told_too() -> None:
    before: Inputs = {"apiId": "iris-v1", "contentType": "a", "components": {"schemas": {}}}
    after: Inputs = {
        "apiId": "iris-v1",
        "contentType": "b",
        "components": {"schemas": {}, "headers": {"x": 1}},
    }
    assert told("ApiSchema", before, after) == [
        'Schemas | v1: schemas, components.headers: nothing → {"x": 1}',
        "Schemas | v1: schemas, contentType: a → b",
    ]


def test_differences_are_data_for_a_gate() -> None:
    assert list(schema_differences({"A": {"maximum": 1}}, {"A": {"maximum": 2}, "B": {}})) == [
        SchemaDifference("A", "maximum", 1, 2),
        SchemaDifference("B", "schema", ABSENT, {}),
    ]
