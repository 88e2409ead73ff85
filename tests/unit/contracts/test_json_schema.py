"""Contracts from the JSON Schemas of a request and its response."""

import json

import pytest
from pydantic import JsonValue

from shared.contracts.contract import Contract
from shared.contracts.files import SchemaFiles
from shared.contracts.json_schema import compile_contract
from shared.contracts.sources import ContractKind
from shared.contracts.sources import compile_contract as compile_kind
from shared.contracts.validation import why_not
from shared.documents import DocumentError
from tests.support.contract_files import InMemory

_PAIR = SchemaFiles("contracts/v1.request.json", "contracts/v1.response.json", "/score")
_SOURCE = "models/iris-species/contracts/v1"
_NUMBERS: JsonValue = {"type": "array", "items": {"type": "number"}}


def _compiled(request: JsonValue, response: JsonValue = _NUMBERS, **others: str) -> Contract:
    files = {_PAIR.request: json.dumps(request), _PAIR.response: json.dumps(response), **others}
    return compile_contract(_PAIR, InMemory(files))


def _problems(request: JsonValue, response: JsonValue = _NUMBERS) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as error:
        _compiled(request, response)
    return error.value.problems


def test_one_operation_with_both_schemas() -> None:
    contract = compile_kind(
        ContractKind.JSON_SCHEMA,
        _PAIR,
        InMemory(
            {
                _PAIR.request: '{"type": "object", "required": ["x"], "properties": {"x": {"type": "number"}}}',
                _PAIR.response: '{"description": "Prices.", "type": "array", "items": {"type": "number"}}',
            }
        ),
    )
    (operation,) = contract.operations
    assert (operation.name, operation.method, operation.url_template, operation.backend_path) == (
        "predict",
        "POST",
        "/predict",
        "/score",
    )
    assert operation.request is not None
    assert operation.request.representations[0].example == {"x": 0.0}
    (response,) = operation.responses
    assert (response.status, response.description) == (200, "Prices.")
    assert response.representations[0].example == [0.0]
    assert contract.gaps == ()


@pytest.mark.parametrize(
    ("schema", "fits", "does_not"),
    [
        (
            {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True},
            [2, "text"],
            [1],
        ),
        (
            {"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"},
            [1],
            [1.0],
        ),
        (
            {"$schema": "http://json-schema.org/draft-06/schema#", "const": {"a": 1}},
            [{"a": 1.0}],
            [{"a": True}],
        ),
        (
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "definitions": {"n": {"type": "integer"}},
                "items": {"$ref": "#/definitions/n", "minimum": 5},
            },
            [[1.0]],
            [["x"]],
        ),
        (
            {
                "$schema": "https://json-schema.org/draft/2019-09/schema",
                "$defs": {"n": {"$anchor": "n", "type": "integer"}},
                "items": {"$ref": "#n", "minimum": 5},
                "dependentRequired": {"a": ["b"]},
            },
            [[5], {"b": 1}, {"a": 1, "b": 2}],
            [[4], ["x"], {"a": 1}],
        ),
        (
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "prefixItems": [{"type": "string"}],
                "items": False,
            },
            [["a"], []],
            [[1], ["a", "b"]],
        ),
        ({"type": ["integer", "null"]}, [None, 1.0], ["x", 1.5]),
    ],
    ids=["draft-04", "draft-04-integer", "draft-06", "draft-07", "2019-09", "2020-12", "without"],
)
def test_drafts(schema: JsonValue, fits: list[JsonValue], does_not: list[JsonValue]) -> None:
    contract = _compiled(schema)
    assert [why_not(body, "Request", contract) for body in fits] == [None] * len(fits)
    assert None not in [why_not(body, "Request", contract) for body in does_not]


def test_files_that_refer_to_each_other() -> None:
    tree: JsonValue = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {
            "children": {"items": {"$ref": "#"}},
            "at": {"$ref": "common/point.yaml#/definitions/point"},
        },
    }
    point = "definitions: {point: {type: array, minItems: 2, items: {type: number}}}\n"
    contract = _compiled(
        {"$ref": "tree.json"},
        **{"contracts/tree.json": json.dumps(tree), "contracts/common/point.yaml": point},
    )
    assert set(contract.schemas) == {"Request", "Response", "tree", "point"}
    assert why_not({"children": [{"at": [1, 2]}]}, "Request", contract) is None
    assert why_not({"children": [{"at": [1]}]}, "Request", contract) is not None


def test_identifiers_change_what_references_are_relative_to() -> None:
    request: JsonValue = {
        "$id": "https://contoso.example/schemas/score.json",
        "$ref": "parts/leaf.json",
        "$defs": {"leaf": {"$id": "parts/leaf.json", "type": "number"}},
    }
    assert why_not("x", "Request", _compiled(request)) is not None


def test_gaps_name_the_file_when_it_is_not_the_first() -> None:
    contract = _compiled({"properties": {"a": {"pattern": "(?=a)"}}}, {"items": {"pattern": "^(a+)+$"}})
    assert [gap.path for gap in contract.gaps] == [
        "#/properties/a/pattern",
        "contracts/v1.response.json#/items/pattern",
    ]


def test_problems_of_both_files_are_told_at_once() -> None:
    no_map, no_draft = _problems([], {"$schema": "https://contoso.example/own"})
    assert no_map == f"{_SOURCE}.request.json: must be a schema, which is a map, but holds []."
    assert no_draft.startswith(
        f'{_SOURCE}.response.json: `$schema` is "https://contoso.example/own"; it must be one of '
    )
    assert "http://json-schema.org/draft-07/schema" in no_draft
    first, second, third = _problems(
        {"type": "objekt", "minimum": "1"}, {"$ref": "https://fabrikam.example/a"}
    )
    assert "https://fabrikam.example/a" in first
    assert "`#/type`: 'objekt' is not" in second
    assert "`#/minimum`: '1' is not of type 'number'" in third


def test_one_file_is_not_enough() -> None:
    with pytest.raises(
        DocumentError, match=r"takes two files and a path. Write `contract: \{request: contracts/v1"
    ):
        compile_contract("contracts/v1.json", InMemory({}))


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/A", "$defs": "x"},
        {"$ref": "#/$defs/A", "$defs": {"B": 1}},
        {"$ref": "a", "$defs": {"A": {"$id": "a"}, "B": None}},
        {"$ref": "#/properties/A/x", "properties": [1]},
        {"$id": -1, "$ref": "a"},
    ],
)
def test_references_through_what_is_no_schema_are_told(schema: JsonValue) -> None:
    (problem, *_) = _problems(schema)
    assert problem.startswith(f"{_SOURCE}.request.json: `#`")


def test_values_that_look_like_schemas_stay_as_they_are() -> None:
    value: JsonValue = {"type": "object", "nullable": True}
    contract = _compiled({"enum": [value]})
    (operation,) = contract.operations
    assert operation.request is not None
    assert operation.request.representations[0].example == value


def test_an_enumeration_may_be_long() -> None:
    contract = _compiled({"enum": [f"article-{number}" for number in range(30_000)]})
    assert why_not("article-29999", "Request", contract) is None
    assert why_not("article-30000", "Request", contract) is not None


def test_steps_that_binary_fractions_miss_are_not_checked() -> None:
    contract = _compiled({"type": "number", "multipleOf": 0.01})
    assert why_not(4.02, "Request", contract) is None
    assert [gap.path for gap in contract.gaps] == ["#/multipleOf"]


def test_names_that_would_drive_a_terminal_are_told_with_escapes() -> None:
    schema: JsonValue = {"properties": {"a\x1b[2J\n::error::b": {"$ref": "#/x"}}}
    (problem,) = _problems(schema)
    assert r"`#/properties/a\x1b[2J\x0a::error::b` refers to" in problem
