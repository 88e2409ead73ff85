"""The schema of a tensor's shape, as exact as OpenAPI 3.0 can say it.

It has no way to give the items of a list a schema by their position. A shape of fixed sizes is a value, so the list of
allowed values says all. Where a size may differ from request to request, the rank is fixed, and each fixed size has
to be among the sizes; that it is at its place is left to the model server.
"""

from pydantic import JsonValue

from shared.contracts.open_inference.metadata import ANY_SIZE

_COLUMN = (ANY_SIZE, 1)
_COLUMNS = ((ANY_SIZE,), _COLUMN)
"""The shapes that mean a column of any number of values."""

_POSITIVE: JsonValue = {"type": "integer", "minimum": 1}


def written_out(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape with its second dimension, where it is a column: it may be written [n] or [n, 1]."""
    return _COLUMN if shape in _COLUMNS else shape


def shape_schema(shape: tuple[int, ...]) -> JsonValue:
    """Return the schema of the shapes that a tensor of this shape may have."""
    if shape in _COLUMNS:
        return {**_list(1, 2), "not": {"minItems": 2, **_none_is(1)}}
    if ANY_SIZE not in shape:
        return {"type": "array", "enum": [list[JsonValue](shape)], "items": {"type": "integer"}}
    schema = _list(len(shape), len(shape))
    fixed = sorted({size for size in shape if size != ANY_SIZE})
    if len(fixed) == 1:
        schema["not"] = _none_is(fixed[0])
    elif fixed:
        schema["allOf"] = [{"not": _none_is(size)} for size in fixed]
    return schema


def any_shape() -> JsonValue:
    """Return the schema of a shape of which nothing is known."""
    return {"type": "array", "items": {"type": "integer", "minimum": 0}}


def _list(least: int, most: int) -> dict[str, JsonValue]:
    return {"type": "array", "minItems": least, "maxItems": most, "items": _POSITIVE}


def _none_is(size: int) -> dict[str, JsonValue]:
    """Return the schema of lists in which no size is this one."""
    return {"items": {"not": {"enum": [size]}}}


def order_matters(shape: tuple[int, ...]) -> bool:
    """Tell whether another order, or other numbers of equal sizes, would fit the schema as well."""
    fixed = [size for size in shape if size != ANY_SIZE]
    return ANY_SIZE in shape and bool(fixed) and shape not in _COLUMNS
