"""The bodies of requests for a signature of columns.

Source: `_cast_schema_type` and `parse_instances_data` in mlflow.utils.proto_json_utils, `_enforce_schema` in
mlflow.models.utils.
"""

from collections.abc import Callable

from pydantic import JsonValue

from shared.contracts.mlflow import frames, values
from shared.contracts.mlflow.frames import Column
from shared.contracts.mlflow.signature import Signature
from shared.contracts.mlflow.types import NESTED, Input


def data_frames(signature: Signature) -> tuple[JsonValue, JsonValue]:
    """Return the schemas of `dataframe_split` and `dataframe_records`."""
    columns = _columns(signature, values.cell, values.takes_nothing)
    return frames.split(columns), frames.records(columns)


def inputs(signature: Signature) -> list[JsonValue]:
    """Return what `inputs` may be: a map of columns, a list of rows, or the only column."""
    return _either(signature, values.takes_nothing)


def instances(signature: Signature) -> list[JsonValue]:
    """Return what `instances` may be: as `inputs`, where a row without a column has no say in that column."""
    return _either(signature, lambda _: True)


def _either(signature: Signature, fillable: Callable[[Input], bool]) -> list[JsonValue]:
    columns = signature.inputs
    if not signature.is_named:
        # One kind for all: numpy converts to that of the first column.
        return [{"type": "array"}, values.entry(columns[0])]
    required: list[JsonValue] = [column.name for column in columns if column.is_required]
    if not required:
        return [values.ANYTHING]
    by_name: JsonValue = {
        "type": "object",
        "required": required,
        "properties": {str(column.name): values.entry(column) for column in columns},
    }
    rows: JsonValue = frames.record_list(_columns(signature, values.entry, fillable))
    return [by_name, rows, _only(columns[0])] if len(columns) == 1 else [by_name, rows]


def _only(column: Input) -> JsonValue:
    """Return what stands for the only column where its name does not: its values, or the list that it is."""
    value = values.entry(column)
    return value if column.type in NESTED else {"type": "array", "items": value}


def _columns(
    signature: Signature, value: Callable[[Input], JsonValue], fillable: Callable[[Input], bool]
) -> list[Column]:
    return [
        Column(
            column.name,
            value(column),
            is_checked=values.is_checked(column),
            required=column.is_required,
            fillable=fillable(column),
        )
        for column in signature.inputs
    ]
