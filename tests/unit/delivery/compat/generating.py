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
_OFTEN = st.sampled_from([True, False])

_PLAIN: tuple[JsonValue, ...] = (
    None,
    True,
    False,
    -2,
    -1,
    0,
    1,
    2,
    3,
    4,
    0.5,
    1.5,
    "",
    "a",
    "ab",
    "abc",
    "b",
)
_FEW: tuple[JsonValue, ...] = (None, 0, 1, 0.5, "a", "ab")
_LISTS: tuple[list[JsonValue], ...] = (
    [],
    *([each] for each in _PLAIN),
    *([one, other] for one in _FEW for other in _FEW),
    [1, 2, 3],
    ["a", "b", "ab"],
    [1, 1, 1],
    [1, 2, 3, 0],
)
_MAPS: tuple[dict[str, JsonValue], ...] = (
    {},
    {FOREIGN: 1},
    *({name: each} for name in NAMES for each in _PLAIN),
    *({"a": one, "b": other} for one in _FEW for other in _FEW),
    *({"a": 1, "c": each, FOREIGN: "a"} for each in _FEW),
    *({"a": each, "b": 1, "c": "a"} for each in _FEW),
)
_NESTED_LISTS: tuple[JsonValue, ...] = tuple([each] for each in _MAPS[:40])
_NESTED_MAPS: tuple[JsonValue, ...] = tuple(
    {name: each} for name in NAMES for each in (*_LISTS[:20], *_MAPS[:30])
)
VALUES: tuple[JsonValue, ...] = (
    *_PLAIN,
    *_LISTS,
    *_MAPS,
    *_NESTED_LISTS,
    *_NESTED_MAPS,
)
"""Values over a small alphabet, so many that what one schema takes and another refuses is likely among them."""


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


LEAVES = st.one_of(_numeric(), _textual(), _listing())
_SHALLOW = st.one_of(LEAVES, _array(LEAVES), _object(LEAVES), _combined(LEAVES), _combined(_object(LEAVES)))


@st.composite
def _mutated(draw: DrawFn, schema: JsonValue) -> JsonValue:
    """Return a schema that differs from another one in one place, or nowhere: in a keyword, or in a schema within."""
    if not isinstance(schema, dict) or not schema:
        return draw(SCHEMAS)
    within = [keyword for keyword, value in schema.items() if _holds_schemas(keyword, value)]
    if draw(_OFTEN) and within:
        keyword = draw(st.sampled_from(within))
        return {**schema, keyword: draw(_mutated_within(schema[keyword]))}
    if draw(_OFTEN):
        dropped = draw(st.sampled_from(sorted(schema)))
        return {key: value for key, value in schema.items() if key != dropped}
    fresh = draw(_like(schema))
    keyword = draw(st.sampled_from(sorted(fresh) or ["type"]))
    return {**schema, **{key: value for key, value in fresh.items() if key == keyword}}


@st.composite
def _mutated_within(draw: DrawFn, value: JsonValue) -> JsonValue:
    """Return a schema, the schemas of properties, or alternatives, one of which differs or is gone."""
    if isinstance(value, list):
        place = draw(st.integers(0, len(value) - 1))
        if len(value) > 1 and draw(st.booleans()):
            return [*value[:place], *value[place + 1 :]]
        return [*value[:place], draw(_mutated(value[place])), *value[place + 1 :]]
    if isinstance(value, dict) and value.keys() <= set(NAMES):
        name = draw(st.sampled_from(NAMES))
        return {**value, name: draw(_mutated(value.get(name)))}
    return draw(_mutated(value))


def _holds_schemas(keyword: str, value: JsonValue) -> bool:
    return bool(value) and isinstance(value, dict | list) and keyword not in {"enum", "required"}


def _like(schema: dict[str, JsonValue]) -> SearchStrategy[dict[str, JsonValue]]:
    """Return schemas with the keywords that mean something beside the type of this one."""
    made: dict[str, SearchStrategy[JsonValue]] = {
        "string": _textual(),
        "array": _array(LEAVES),
        "object": _object(LEAVES),
        "integer": _numeric(),
        "number": _numeric(),
    }
    chosen = made.get(str(schema.get("type")), st.one_of(_combined(LEAVES), _listing()))
    return chosen.map(lambda made: made if isinstance(made, dict) else {})


@st.composite
def contracts(draw: DrawFn) -> tuple[Mapping[str, JsonValue], Mapping[str, JsonValue]]:
    """Return two sets of named schemas: `Body`, and one that it may refer to and that refers to itself."""
    number = draw(_numeric())
    others = draw(st.booleans())
    before = {"Body": draw(st.one_of(_SHALLOW, SCHEMAS)), RECURSIVE: _node(number, others=others)}
    body = draw(_mutated(before["Body"]))
    number = draw(_mutated(number)) if draw(st.booleans()) else number
    return before, {"Body": body, RECURSIVE: _node(number, others=others and draw(st.booleans()))}


def _node(number: JsonValue, *, others: bool) -> JsonValue:
    properties: JsonValue = {"a": number, "b": {"$ref": f"#/components/schemas/{RECURSIVE}"}}
    return {"type": "object", "properties": properties, "additionalProperties": others}
