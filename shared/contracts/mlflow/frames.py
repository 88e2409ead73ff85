"""The bodies `dataframe_split` and `dataframe_records`: a data frame as pandas writes it.

Source: `dataframe_from_parsed_json` in mlflow.utils.proto_json_utils. Columns that the signature does not have are
ignored. A record may go without a column that pandas can fill in, as long as another record has it. pandas makes data
frames of more than lists of lists; what is none is left to the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from shared.contracts.mlflow.values import any_of

_ROWS: JsonValue = {"type": "array", "items": {"type": "array"}}


@dataclass(frozen=True)
class Column:
    """A column of a data frame, as far as these bodies are concerned."""

    name: str | None
    """Its name; None where columns go by position."""
    cell: JsonValue
    """The schema of its values."""
    is_checked: bool
    """Whether the schema refuses anything."""
    required: bool
    """Whether a data frame without the column is refused."""
    fillable: bool
    """Whether a record may go without it."""


def split(columns: Sequence[Column]) -> JsonValue:
    """Return the schema of `dataframe_split`."""
    names: list[JsonValue] = [column.name for column in columns if column.name is not None]
    required: list[JsonValue] = [column.name for column in columns if column.required]
    conditions = [_cells(columns, names)] if all(column.is_checked for column in columns) else []
    if required:
        conditions.append(_has_columns(names, len(required)))
    return {
        "type": "object",
        "description": "Column names and rows, as `DataFrame.to_dict(orient='split')` gives them.",
        "required": ["data"],
        "properties": {
            "columns": {
                "description": "The names of the columns, in the order of the rows' values.",
                **_holds(required if names else [], len(required)),
                "items": {},
            },
            "data": {"description": "A list of rows, each a list of values in the order of `columns`."},
            "index": {"description": "The names of the rows."},
        },
        "additionalProperties": False,
        **({"allOf": conditions} if conditions else {}),
    }


def _holds(required: list[JsonValue], count: int) -> dict[str, JsonValue]:
    """Say that a list holds each name: that not all of its items are another one."""
    conditions: list[JsonValue] = [
        {"not": {"type": "array", "items": {"not": {"enum": [name]}}}} for name in required
    ]
    return {**({"minItems": count} if count else {}), **({"allOf": conditions} if conditions else {})}


def _has_columns(names: list[JsonValue], count: int) -> JsonValue:
    """Say that rows come with column names, or without names with enough values."""
    enough: JsonValue = {"type": "array", "items": {"type": "array", "maxItems": count - 1}}
    return {"anyOf": [_columns_given(), _data({"not": _ROWS if names else enough})]}


def _columns_given() -> JsonValue:
    return {"required": ["columns"], "properties": {"columns": {"not": {"enum": [None]}}}}


def _cells(columns: Sequence[Column], names: list[JsonValue]) -> JsonValue:
    """Say that each cell fits one of the columns, unless there is a column that the signature does not have."""
    rows: JsonValue = {
        "type": "array",
        "items": {"type": "array", "items": any_of([column.cell for column in columns])},
    }
    stranger: JsonValue = (
        {"properties": {"columns": {"not": {"type": "array", "items": {"enum": names}}}}}
        if names
        else _data({"not": {"items": {"maxItems": len(columns)}}})
    )
    return {"anyOf": [_data(rows), stranger, _data({"not": _ROWS})]}


def _data(schema: JsonValue) -> JsonValue:
    return {"properties": {"data": schema}}


def records(columns: Sequence[Column]) -> JsonValue:
    """Return the schema of `dataframe_records`."""
    description: JsonValue = "One map for each row, as `DataFrame.to_dict(orient='records')` gives them."
    return {**record_list(columns), "description": description}


def record_list(columns: Sequence[Column]) -> dict[str, JsonValue]:
    """Return the schema of a list of maps, one for each row."""
    if columns[0].name is None:
        return {"type": "array", "items": {}, "minItems": 1}
    required = [column for column in columns if column.required]
    always: list[JsonValue] = [column.name for column in columns if column.required and not column.fillable]
    lacking: list[JsonValue] = [
        {"items": {"not": {"required": [column.name]}}} for column in required if column.fillable
    ]
    record: dict[str, JsonValue] = {
        "properties": {str(column.name): column.cell for column in columns},
        **({"type": "object"} if required else {}),
        **({"required": always} if always else {}),
    }
    return {
        "type": "array",
        **({"minItems": 1} if required else {}),
        "items": record,
        # Not every record lacks a column that each of them may lack.
        **({"not": {"anyOf": lacking}} if lacking else {}),
    }


def positional_split(cell: JsonValue, most: int) -> JsonValue:
    """Return the schema of `dataframe_split` for a tensor without a name: cells of one kind, so many in a row."""
    rows: JsonValue = {"type": "array", "items": {"type": "array", "maxItems": most, "items": cell}}
    return {
        "type": "object",
        "description": "Rows, as `DataFrame.to_dict(orient='split')` gives them.",
        "required": ["data"],
        "properties": {
            "columns": {"description": "Names of the columns; any will do."},
            "data": {"anyOf": [rows, {"not": _ROWS}]},
            "index": {"description": "The names of the rows."},
        },
        "additionalProperties": False,
    }


def positional_records(cell: JsonValue, most: int) -> JsonValue:
    """Return the schema of `dataframe_records` for a tensor without a name."""
    return {
        "type": "array",
        "description": "One map for each row, as `DataFrame.to_dict(orient='records')` gives them.",
        "minItems": 1,
        "items": {"additionalProperties": cell, "maxProperties": most, "items": cell, "maxItems": most},
    }
