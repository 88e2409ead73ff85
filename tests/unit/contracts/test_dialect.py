"""How single keywords are said in the subset, and what is told where they cannot be."""

import pytest
from pydantic import JsonValue

from shared.contracts.dialect import Dialect, Direction, Documents, Translation, Wanted, translate
from shared.documents import DocumentError

_NEW, _OLD, _3_0, _3_1 = Dialect.DRAFT_2020_12, Dialect.DRAFT_7, Dialect.OPENAPI_3_0, Dialect.OPENAPI_3_1


def _none(path: str) -> JsonValue:
    raise DocumentError([f"there is no {path}"])


def _translated(
    schema: JsonValue, dialect: Dialect = _NEW, direction: Direction = Direction.REQUEST
) -> Translation:
    documents = Documents(_none, "contracts/v1.json")
    root = documents.root("contracts/v1.json", {"schema": schema, "$defs": _DEFINITIONS}, dialect)
    return translate([Wanted("Body", root.below(schema), direction)], documents)


_DEFINITIONS: dict[str, JsonValue] = {"n": {"type": "string"}, "wide": {"pattern": "(?=a)"}}
_LOSSY: JsonValue = {"$ref": "#/$defs/wide"}
_TEXT: dict[str, JsonValue] = {"$ref": "#/components/schemas/n"}


@pytest.mark.parametrize(
    ("schema", "dialect", "said"),
    [
        ({"minimum": 1, "exclusiveMinimum": 1}, _NEW, {"minimum": 1, "exclusiveMinimum": True}),
        ({"minimum": 2, "exclusiveMinimum": 1}, _NEW, {"minimum": 2}),
        ({"maximum": 2, "exclusiveMaximum": True}, _3_0, {"maximum": 2, "exclusiveMaximum": True}),
        ({"type": "integer"}, _NEW, {"type": "number", "multipleOf": 1}),
        ({"type": "integer", "multipleOf": 5}, _NEW, {"type": "number", "multipleOf": 5}),
        ({"type": "integer"}, _3_0, {"type": "integer"}),
        ({"multipleOf": 0.25}, _NEW, {"multipleOf": 0.25}),
        ({"enum": [1, 1.0, True, [0], [0.0], {"a": 1}]}, _NEW, {"enum": [1, True, [0], {"a": 1}]}),
        ({"type": ["string", "null"]}, _NEW, {"type": "string", "nullable": True}),
        ({"type": ["string", "boolean"]}, _NEW, {"anyOf": [{"type": "string"}, {"type": "boolean"}]}),
        ({"type": "array"}, _NEW, {"type": "array", "items": {}}),
        ({"type": "null"}, _NEW, {"enum": [None]}),
        ({"const": "a"}, _NEW, {"type": "string", "enum": ["a"]}),
        ({"enum": ["a", None]}, _NEW, {"type": "string", "nullable": True, "enum": ["a", None]}),
        ({"enum": ["a", 1]}, _NEW, {"enum": ["a", 1]}),
        ({"enum": ["a", 1], "type": "string"}, _NEW, {"type": "string", "enum": ["a"]}),
        ({"enum": []}, _NEW, {"not": {}}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, _3_1, {"type": "string", "nullable": True}),
        (
            {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]},
            _3_1,
            {"anyOf": [_TEXT, {"enum": [None]}]},
        ),
        ({"$ref": "#/$defs/n", "minLength": 1}, _NEW, {"allOf": [_TEXT, {"minLength": 1}]}),
        ({"$ref": "#/$defs/n", "title": "N"}, _NEW, {"title": "N", "allOf": [_TEXT]}),
        ({"properties": {"a": False}}, _NEW, {"properties": {"a": {"not": {}}}}),
        (
            {"properties": {"a": True}, "unevaluatedProperties": False},
            _NEW,
            {"properties": {"a": {}}, "additionalProperties": False},
        ),
        ({"items": False}, _NEW, {"maxItems": 0}),
        (
            {"prefixItems": [{"type": "string"}] * 2, "maxItems": 2},
            _NEW,
            {"items": {"type": "string"}, "maxItems": 2},
        ),
        (
            {"contains": {"type": "string"}},
            _OLD,
            {"not": {"type": "array", "items": {"not": {"type": "string"}}}},
        ),
        ({"propertyNames": {"enum": ["a"]}}, _NEW, {"properties": {"a": {}}, "additionalProperties": False}),
        (
            {"dependencies": {"a": ["b"]}},
            _OLD,
            {"anyOf": [{"not": {"type": "object", "required": ["a"]}}, {"required": ["b"]}]},
        ),
        (
            {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
            _OLD,
            {"anyOf": [{"not": {"required": ["a"]}}, {"required": ["b"]}]},
        ),
        (
            {"type": "string", "format": "date-time", "description": "When."},
            _NEW,
            {"type": "string", "description": "When.\n\nFormat: date-time."},
        ),
        ({"type": "integer", "format": "int64"}, _3_0, {"type": "integer", "format": "int64"}),
        (
            {"type": "string", "contentEncoding": "base64"},
            _3_1,
            {"type": "string", "description": "Format: byte."},
        ),
        ({"examples": [1, 2], "$comment": "x", "x-own": 1}, _NEW, {"example": 1}),
        ({"type": "string", "pattern": "^[a-z]+$"}, _NEW, {"type": "string", "pattern": "^[a-z]+$"}),
    ],
)
def test_said_exactly(schema: JsonValue, dialect: Dialect, said: JsonValue) -> None:
    translation = _translated(schema, dialect)
    assert translation.schemas["Body"] == said
    assert translation.gaps == ()


@pytest.mark.parametrize(
    ("schema", "dialect", "said", "keyword"),
    [
        ({"not": _LOSSY}, _NEW, {}, "not"),
        ({"not": {"not": _LOSSY}}, _NEW, {}, "not"),
        (
            {"oneOf": [_LOSSY, {"type": "string"}]},
            _NEW,
            {"anyOf": [{"$ref": "#/components/schemas/wide"}, {"type": "string"}]},
            "oneOf",
        ),
        ({"oneOf": [{"items": _LOSSY}, {"type": "string"}]}, _NEW, None, "oneOf"),
        ({"if": _LOSSY, "then": {"required": ["b"]}}, _NEW, {}, "if"),
        ({"contains": {"items": _LOSSY}}, _NEW, None, "pattern"),
        ({"prefixItems": [{"type": "string"}, {"type": "boolean"}]}, _NEW, {}, "prefixItems"),
        ({"$dynamicRef": "#n"}, _NEW, {}, "$dynamicRef"),
        ({"propertyNames": {"pattern": "^a"}}, _NEW, {}, "propertyNames"),
        ({"allOf": [{}], "unevaluatedProperties": False}, _NEW, {}, "unevaluatedProperties"),
        ({"contains": {}, "maxContains": 1}, _NEW, {"minItems": 1}, "maxContains"),
        ({"$ref": "#/$defs/n", "minLength": 1}, _OLD, _TEXT, "minLength"),
        ({"$ref": "#/$defs/n", "nullable": True}, _3_0, {"anyOf": [_TEXT, {"enum": [None]}]}, "nullable"),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            _3_0,
            {"type": "string", "nullable": True, "enum": ["a", None]},
            "enum",
        ),
        ({"type": "string", "nullable": True}, _3_1, {"type": "string"}, "nullable"),
        ({"patternProperties": {"^a": {"type": "string"}}}, _NEW, {}, "patternProperties"),
    ],
)
def test_never_narrower_and_told(schema: JsonValue, dialect: Dialect, said: JsonValue, keyword: str) -> None:
    translation = _translated(schema, dialect)
    if said is not None:
        assert translation.schemas["Body"] == said
    assert keyword in {gap.path.rpartition("/")[2] for gap in translation.gaps}


def test_a_schema_that_is_wider_by_way_of_others_is_known_to_be() -> None:
    schema: JsonValue = {
        "not": {"properties": {"a": {"$ref": "#/schema/$defs/tree"}}},
        "$defs": {"tree": {"items": {"$ref": "#/schema/$defs/tree"}, "properties": {"a": _LOSSY}}},
    }
    translation = _translated(schema)
    assert translation.schemas["Body"] == {}
    assert [gap.path for gap in translation.gaps] == ["#/schema/not", "#/$defs/wide/pattern"]


def test_gaps_stand_in_the_order_of_the_document() -> None:
    schema: JsonValue = {"properties": {"b": {"pattern": r"\p{L}"}, "a": {"pattern": r"\p{N}"}}}
    assert [gap.path for gap in _translated(schema).gaps] == [
        "#/schema/properties/b/pattern",
        "#/schema/properties/a/pattern",
    ]


def test_names_do_not_collide_whatever_the_case_of_letters() -> None:
    schema: JsonValue = {
        "$defs": {"a b": {"type": "string"}, "A-B": {"type": "number"}},
        "properties": {"x": {"$ref": "#/schema/$defs/a%20b"}, "y": {"$ref": "#/schema/$defs/A-B"}},
    }
    assert set(_translated(schema).schemas) == {"Body", "a-b", "A-B-2"}


def test_a_discriminator_names_the_schemas_as_they_are_called_here() -> None:
    schema: JsonValue = {
        "oneOf": [{"$ref": "#/$defs/n"}],
        "anyOf": [{"$ref": "#/$defs/n"}, {"type": "boolean"}],
        "discriminator": {"propertyName": "kind", "mapping": {"n": "#/$defs/n", "gone": "#/$defs/gone"}},
    }
    translation = _translated(schema, _3_1)
    body = translation.schemas["Body"]
    assert isinstance(body, dict)
    assert body["discriminator"] == {"propertyName": "kind", "mapping": {"n": "#/components/schemas/n"}}
    assert [gap.path for gap in translation.gaps] == ["#/schema/discriminator"]


def test_directions_have_schemas_of_their_own_where_that_makes_a_difference() -> None:
    schema: JsonValue = {
        "required": ["id", "secret"],
        "properties": {"id": {"readOnly": True}, "secret": {"writeOnly": True}},
    }
    for direction, required in ((Direction.REQUEST, ["secret"]), (Direction.RESPONSE, ["id"])):
        body = _translated(schema, _3_0, direction).schemas["Body"]
        assert isinstance(body, dict)
        assert body["required"] == required
