"""Pairs of schemas that resemble each other, and values that fit the first: what properties are tested with."""

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from pydantic import JsonValue

NAMES = ("a", "b", "c")
"""Names of properties that schemas speak of."""
FOREIGN = "z"
"""The name of a property that no schema names."""
RECURSIVE = "Node"
"""The named schema that refers to itself."""

_NUMBERS = st.sampled_from([-2, -1, 0, 1, 2, 3, 0.5, 1.5])
_TEXTS = st.sampled_from(["", "a", "ab", "abc", "b"])
_SCALARS: SearchStrategy[JsonValue] = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS)
_SIZES = st.integers(0, 3)

VALUES: SearchStrategy[JsonValue] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from((*NAMES, FOREIGN)), inner, max_size=4)
    ),
    max_leaves=6,
)
"""Any values, over a small alphabet, so that they often fit."""


@st.composite
def _numeric(draw: DrawFn) -> JsonValue:
    schema: dict[str, JsonValue] = {"type": draw(st.sampled_from(["integer", "number"]))}
    for keyword, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if draw(st.booleans()):
            schema[keyword] = draw(_NUMBERS)
            if draw(st.booleans()):
                schema[exclusive] = True
    if draw(st.integers(0, 3)) == 0:
        schema["multipleOf"] = draw(st.sampled_from([1, 2, 0.5]))
    return _nullable(draw, schema)


@st.composite
def _textual(draw: DrawFn) -> JsonValue:
    schema: dict[str, JsonValue] = {"type": "string"}
    if draw(st.booleans()):
        schema["minLength"] = draw(_SIZES)
    if draw(st.booleans()):
        schema["maxLength"] = draw(_SIZES)
    if draw(st.integers(0, 3)) == 0:
        schema["pattern"] = draw(st.sampled_from(["^a", "b$"]))
    return _nullable(draw, schema)


@st.composite
def _listing(draw: DrawFn) -> JsonValue:
    values = draw(st.lists(_SCALARS, min_size=1, max_size=4))
    return {"enum": values}


def _nullable(draw: DrawFn, schema: dict[str, JsonValue]) -> JsonValue:
    if draw(st.integers(0, 3)) == 0:
        schema["nullable"] = True
    return schema


@st.composite
def _array(draw: DrawFn, inner: SearchStrategy[JsonValue]) -> JsonValue:
    schema: dict[str, JsonValue] = {"type": "array"}
    if draw(st.booleans()):
        schema["items"] = draw(inner)
    for keyword in ("minItems", "maxItems"):
        if draw(st.booleans()):
            schema[keyword] = draw(_SIZES)
    if draw(st.integers(0, 3)) == 0:
        schema["uniqueItems"] = True
    return _nullable(draw, schema)


@st.composite
def _object(draw: DrawFn, inner: SearchStrategy[JsonValue]) -> JsonValue:
    schema: dict[str, JsonValue] = {"type": "object"}
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    if names:
        schema["properties"] = {name: draw(inner) for name in names}
    required = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
    if required:
        schema["required"] = [*required]
    others = draw(st.sampled_from(["open", "closed", "schema"]))
    if others != "open":
        schema["additionalProperties"] = False if others == "closed" else draw(inner)
    for keyword in ("minProperties", "maxProperties"):
        if draw(st.integers(0, 3)) == 0:
            schema[keyword] = draw(_SIZES)
    return _nullable(draw, schema)


@st.composite
def _combined(draw: DrawFn, inner: SearchStrategy[JsonValue]) -> JsonValue:
    keyword = draw(st.sampled_from(["anyOf", "oneOf", "allOf", "not"]))
    if keyword == "not":
        return {"not": draw(inner)}
    schemas = draw(st.lists(inner, min_size=1, max_size=3))
    return {keyword: schemas}


SCHEMAS: SearchStrategy[JsonValue] = st.recursive(
    st.one_of(
        _numeric(),
        _textual(),
        _listing(),
        st.just({"type": "boolean"}),
        st.just({}),
        st.just({"$ref": f"#/components/schemas/{RECURSIVE}"}),
    ),
    lambda inner: st.one_of(_array(inner), _object(inner), _object(inner), _combined(inner)),
    max_leaves=6,
)
"""Schemas over that alphabet."""


@st.composite
def _mutated(draw: DrawFn, schema: JsonValue) -> JsonValue:
    """Return a schema that differs from another one in one place, or nowhere."""
    if not isinstance(schema, dict) or draw(st.integers(0, 4)) == 0:
        return draw(SCHEMAS)
    keyword = draw(st.sampled_from(sorted(schema) or ["type"]))
    value = schema.get(keyword)
    match value:
        case dict() if keyword == "properties":
            name = draw(st.sampled_from(sorted(value)))
            changed: JsonValue = {**value, name: draw(_mutated(value[name]))}
        case dict():
            changed = draw(_mutated(value))
        case [dict(), *_] if keyword != "enum":
            place = draw(st.integers(0, len(value) - 1))
            changed = [*value[:place], draw(_mutated(value[place])), *value[place + 1 :]]
        case list() if len(value) > 1:
            changed = value[1:]
        case bool():
            changed = not value
        case int() | float() if keyword != "multipleOf":
            changed = max(0, value + draw(st.sampled_from([-1, 1])))
        case _:
            return {key: each for key, each in schema.items() if key != keyword}
    return {**schema, keyword: changed}


@st.composite
def contracts(draw: DrawFn) -> tuple[Mapping[str, JsonValue], Mapping[str, JsonValue]]:
    """Return two sets of named schemas: `Body`, and one that it may refer to and that refers to itself."""
    number = draw(_numeric())
    others = draw(st.booleans())
    before = {"Body": draw(SCHEMAS), RECURSIVE: _node(number, others=others)}
    body = draw(_mutated(before["Body"])) if draw(st.integers(0, 5)) else before["Body"]
    number = draw(_mutated(number)) if draw(st.booleans()) else number
    return before, {"Body": body, RECURSIVE: _node(number, others=others and draw(st.booleans()))}


def _node(number: JsonValue, *, others: bool) -> JsonValue:
    properties: JsonValue = {"a": number, "b": {"$ref": f"#/components/schemas/{RECURSIVE}"}}
    return {"type": "object", "properties": properties, "additionalProperties": others}
