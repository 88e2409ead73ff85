"""Random schemas of every dialect, and random values that are likely to be near them."""

from hypothesis import strategies as st
from pydantic import JsonValue

from shared.contracts.dialect.dialects import Dialect

_KEYS = ("a", "b", "c")
_TYPES = ("null", "boolean", "object", "array", "number", "string", "integer")

SCALARS: st.SearchStrategy[JsonValue] = st.sampled_from(
    [None, True, False, 0, 1, 2, 3, 1.0, 0.5, 2.5, "", "a", "bb", "a1", "\u0663"]
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((*_KEYS, "x-d")), inner, max_size=3)
    ),
    max_leaves=5,
)

_BOUNDS = st.sampled_from([0, 1, 2, 1.5])
_SIZES: st.SearchStrategy[JsonValue] = st.integers(0, 3)
_NAMES: st.SearchStrategy[JsonValue] = st.lists(st.sampled_from(_KEYS), max_size=2, unique=True)
_SOME_NAMES: st.SearchStrategy[JsonValue] = st.lists(
    st.sampled_from(_KEYS), min_size=1, max_size=2, unique=True
)
_TYPE = st.sampled_from(_TYPES)
_PATTERNS = st.sampled_from(["^a", "[a-z]+", r"^\d$", "^(a|b)*$", "^(a+)+$", "(?=a)"])

_Schema = st.SearchStrategy[JsonValue]


def schemas(dialect: Dialect) -> _Schema:
    """Return schemas that refer to three definitions, which `document` has."""
    references: _Schema = st.sampled_from(_KEYS).map(lambda name: {"$ref": f"#/definitions/{name}"})
    leaves = _leaf(dialect) | references
    return st.recursive(leaves, lambda inner: _branch(dialect, inner), max_leaves=6)


def documents(dialect: Dialect) -> _Schema:
    """Return schemas with definitions."""
    definitions = st.fixed_dictionaries({name: _objects(dialect) for name in _KEYS})
    return st.builds(
        lambda defined, schema: {
            "definitions": defined,
            "properties": {"a": schema},
            "additionalProperties": schema,
        },
        definitions,
        schemas(dialect),
    )


def _objects(dialect: Dialect) -> _Schema:
    """Return schemas in which references stand below a property, so that none comes back to itself at once."""
    properties = st.dictionaries(st.sampled_from(_KEYS), schemas(dialect), max_size=2)
    below: _Schema = properties.map(lambda inner: {"properties": inner})
    return below | _leaf(dialect)


def _leaf(dialect: Dialect) -> _Schema:
    is_old = dialect.is_like_draft_4
    choices: dict[str, _Schema] = {
        "type": _type(dialect)
        if dialect is Dialect.OPENAPI_3_0
        else _TYPE | st.lists(_TYPE, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "minimum": _BOUNDS,
        "maximum": _BOUNDS,
        "exclusiveMinimum": st.booleans() if is_old else _BOUNDS,
        "exclusiveMaximum": st.booleans() if is_old else _BOUNDS,
        "multipleOf": st.sampled_from([1, 2, 0.5, 1.0]),
        "minLength": _SIZES,
        "maxLength": _SIZES,
        "pattern": _PATTERNS,
        "minItems": _SIZES,
        "maxItems": _SIZES,
        "uniqueItems": st.booleans(),
        "minProperties": _SIZES,
        "maxProperties": _SIZES,
        "required": _SOME_NAMES if is_old else _NAMES,
        "format": st.sampled_from(["date-time", "int32", "email"]),
    }
    if not is_old:
        choices["const"] = VALUES
    if dialect.has_nullable:
        choices["nullable"] = st.booleans()
    return _some_of(choices) | (st.just({}) if is_old else st.sampled_from([{}, True, False]))


def _type(dialect: Dialect) -> _Schema:
    return st.sampled_from(_TYPES[1:]) if dialect is Dialect.OPENAPI_3_0 else _TYPE


def _branch(dialect: Dialect, inner: _Schema) -> _Schema:
    several = st.lists(inner, min_size=1, max_size=3)
    by_name = st.dictionaries(st.sampled_from(_KEYS), inner, max_size=2)
    choices: dict[str, _Schema] = {
        "type": _type(dialect),
        "properties": by_name,
        "additionalProperties": inner | st.booleans(),
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": inner,
        "items": _items(dialect, inner),
    }
    if dialect is not Dialect.OPENAPI_3_0:
        choices["patternProperties"] = st.dictionaries(st.sampled_from(["^x-", "a"]), inner, max_size=2)
    if not dialect.is_like_draft_4:
        choices |= {"contains": inner, "propertyNames": inner}
    if dialect.has_conditions:
        choices |= {"if": inner, "then": inner, "else": inner}
    if dialect.has_dependencies:
        choices["dependencies"] = st.dictionaries(st.sampled_from(_KEYS), inner | _SOME_NAMES, max_size=2)
    if dialect.has_prefix_items:
        choices["prefixItems"] = several
    elif dialect is not Dialect.OPENAPI_3_0:
        choices["additionalItems"] = inner | st.booleans()
    if dialect.has_ref_siblings:
        choices |= {
            "$ref": st.sampled_from(_KEYS).map(lambda name: f"#/definitions/{name}"),
            "dependentRequired": st.dictionaries(st.sampled_from(_KEYS), _NAMES, max_size=2),
            "dependentSchemas": by_name,
            "minContains": st.integers(0, 2),
            "maxContains": st.integers(0, 2),
            "unevaluatedItems": inner,
            "unevaluatedProperties": inner,
        }
    return _some_of(choices)


def _items(dialect: Dialect, inner: _Schema) -> _Schema:
    """Return schemas of items. jsonschema fails for `additionalItems` beside a boolean one."""
    if dialect.has_prefix_items or dialect is Dialect.OPENAPI_3_0:
        return inner
    return inner.filter(lambda schema: not isinstance(schema, bool)) | st.lists(inner, min_size=1, max_size=3)


def _some_of(choices: dict[str, _Schema]) -> _Schema:
    """Return maps with up to three of these keywords."""
    return st.lists(st.sampled_from(sorted(choices)), max_size=3, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: choices[name] for name in names})
    )
