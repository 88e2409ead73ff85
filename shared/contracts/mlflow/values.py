"""What a value of a type is in JSON.

MLflow reads values in two ways. The values of plain columns it converts with pandas or numpy, which take much:
texts that hold numbers, true and false as numbers, anything as text. What is inside of lists and maps it compares
without conversion.

Source: `cast_df_types_according_to_schema` and `convert_data_type` in mlflow.utils.proto_json_utils;
`_enforce_mlflow_datatype`, `_enforce_array`, `_enforce_object` and `_enforce_map` in mlflow.models.utils.
"""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from shared.contracts.contract import reference
from shared.contracts.mlflow.types import JSON_TYPES, NESTED, Input, Kind, Type

ANYTHING: JsonValue = {}
"""The schema of any value at all."""

# Python's int() and float(): spaces around, underscores between digits, digits of any script. Nothing in the patterns
# can match a text in two ways: a gateway that backtracks is not held up.
_INTEGER_TEXT = r"^\s*[+-]?\d[\d_]*\s*$"
_NUMBER_TEXT = (
    r"^\s*[+-]?(\d[\d_]*(\.[\d_]*)?([eE][+-]?\d[\d_]*)?|\.\d[\d_]*([eE][+-]?\d[\d_]*)?"
    r"|[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN])\s*$"
)


def _whole(bits: int) -> JsonValue:
    return {
        "description": f"A whole number of {bits} bits. The server cuts fractions off, and reads texts of numbers.",
        "anyOf": [{"type": "number"}, {"type": "boolean"}, {"type": "string", "pattern": _INTEGER_TEXT}],
    }


def _real(bits: int) -> JsonValue:
    return {
        "description": f"A number of {bits} bits, or null for a missing value. The server reads texts of numbers.",
        "anyOf": [
            {"type": "number", "nullable": True},
            {"type": "boolean"},
            # As whole numbers say it: so it can be told that a column takes more when it becomes one of real numbers.
            {"type": "string", "pattern": _INTEGER_TEXT},
            {"type": "string", "pattern": _NUMBER_TEXT},
        ],
    }


_PLAIN: Mapping[Kind, tuple[str, JsonValue]] = {
    Kind.BOOLEAN: (
        "Boolean",
        {"description": "True or false. The server makes one of any other value, too."},
    ),
    Kind.INTEGER: ("Integer", _whole(32)),
    Kind.LONG: ("Long", _whole(64)),
    Kind.FLOAT: ("Float", _real(32)),
    Kind.DOUBLE: ("Double", _real(64)),
    Kind.STRING: ("String", {"description": "A text. The server hands on any other value, too."}),
    Kind.BINARY: ("Binary", {"type": "string", "description": "Bytes in base64."}),
    Kind.DATETIME: (
        "Datetime",
        {
            "description": "A date and time without a time zone (2026-11-24T12:00:00), or nanoseconds since 1970.",
            "anyOf": [{"type": "string", "nullable": True}, {"type": "number"}, {"type": "boolean"}],
        },
    ),
}
"""By type: the name of the schema of a column's values, and the schema."""

_UNCHECKED = frozenset({Kind.BOOLEAN, Kind.STRING})
"""The types of which pandas and numpy make any value."""

_WHOLE = frozenset({Kind.INTEGER, Kind.LONG})
_EMPTY: JsonValue = ["", [], {}]
"""What `pandas.to_numeric` takes for missing numbers in a list of doubles that is mixed."""


def plain_schemas() -> Mapping[str, JsonValue]:
    """Return the schemas of the values of plain columns, by name."""
    return dict(_PLAIN.values())


def plain(kind: Kind) -> JsonValue:
    """Return the schema of a value of a plain column."""
    return reference(_PLAIN[kind][0])


def cell(column: Input) -> JsonValue:
    """Return the schema of a value of a column in `dataframe_split` and `dataframe_records`."""
    return inside(column, required=column.is_required) if column.type in NESTED else plain(column.type)


def entry(column: Input) -> JsonValue:
    """Return the schema of what `inputs` and `instances` hold for a column: one value, or a list of them."""
    if column.type in NESTED:
        return inside(column, required=column.is_required)
    if column.type is Kind.BINARY:
        return ANYTHING  # numpy makes bytes of anything
    return with_lists(plain(column.type))


def with_lists(value: JsonValue) -> JsonValue:
    """Return the schema of a value or a list of them. What a list inside of that list holds is left to numpy."""
    return {"anyOf": [value, {"type": "array", "items": {"anyOf": [value, {"type": "array"}]}}]}


def takes_nothing(column: Input) -> bool:
    """Return whether pandas fills the column in where a record goes without it."""
    if column.type in NESTED:
        return not column.is_required or column.type is Kind.ANY
    return column.type not in (*_WHOLE, Kind.BINARY)


def is_checked(column: Input) -> bool:
    """Return whether any value of the column is refused."""
    return column.type not in {*_UNCHECKED, Kind.ANY}


def single(kind: Kind, *, required: bool) -> JsonValue:
    """Return the schema of a value that is not converted."""
    return {"type": JSON_TYPES[kind], **_nullable(not required)}


def inside(of: Type, *, required: bool) -> JsonValue:
    """Return the schema of a list, a map, or what is inside of them.

    A column or property that is not required may be null, and so may all in the lists and maps of it.
    """
    match of.type:
        case Kind.ANY:
            return ANYTHING
        case Kind.SPARK_VECTOR:
            return {"type": "array", **_nullable(not required), "items": _item(Kind.DOUBLE)}
        case Kind.ARRAY:
            return _list(of.items, required=required)
        case Kind.OBJECT:
            return _object(of.properties or {}, required=required)
        case Kind.MAP:
            return _map(of.values, required=required)
        case _:
            return single(of.type, required=required)


def _list(items: Type | None, *, required: bool) -> JsonValue:
    if items is None:
        raise TypeError("a list without items")  # the document was checked
    schema = inside(items, required=required) if items.type in NESTED else _item(items.type)
    return {"type": "array", **_nullable(not required or items.type is Kind.ANY), "items": schema}


def _item(kind: Kind) -> JsonValue:
    """Return the schema of an item: pandas looks at all of a list at once, and lets pass what it finds mixed."""
    if kind in _WHOLE:
        return {"type": "integer"}
    if kind is Kind.DOUBLE:
        return {"anyOf": [plain(Kind.DOUBLE), {"enum": _EMPTY}]}
    return {"type": "number", "nullable": True} if kind is Kind.FLOAT else ANYTHING


def _object(properties: Mapping[str, Type], *, required: bool) -> JsonValue:
    needed: list[JsonValue] = [name for name, of in properties.items() if of.is_required_property]
    schema: dict[str, JsonValue] = {
        "type": "object",
        **({"required": needed} if needed else {}),
        "properties": {name: inside(of, required=of.is_required_property) for name, of in properties.items()},
        "additionalProperties": False,
    }
    if required:
        return schema
    empty: JsonValue = {"type": "object", "nullable": True, "maxProperties": 0}
    return {"anyOf": [schema, empty]}


def _map(values: Type | None, *, required: bool) -> JsonValue:
    if values is None:
        raise TypeError("a map without values")  # the document was checked
    return {
        "type": "object",
        **_nullable(not required or values.type is Kind.ANY),
        "additionalProperties": inside(values, required=required),
    }


def _nullable(nullable: bool) -> dict[str, JsonValue]:  # noqa: FBT001 - the keyword's value
    return {"nullable": True} if nullable else {}


def any_of(schemas: Sequence[JsonValue]) -> JsonValue:
    """Return the schema of what fits one of these."""
    distinct = [schema for position, schema in enumerate(schemas) if schema not in schemas[:position]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
