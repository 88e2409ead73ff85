"""What a tensor is in JSON: lists in lists, or the cells of a data frame.

Source: `_enforce_tensor_spec` and `_reshape_and_cast_pandas_column_values` in mlflow.models.utils. numpy converts the
elements: texts of numbers become numbers, fractions are cut off for whole numbers.
"""

from math import prod

from pydantic import JsonValue

from shared.contracts.mlflow.types import ANY_SIZE, Kind, TensorInfo
from shared.contracts.mlflow.values import ANYTHING, any_of, plain

_A_TABLE = 2
"""The dimensions of a tensor that may be a data frame with a column for each second index."""


def element(dtype: str) -> JsonValue:
    """Return the schema of an element; numpy makes texts, truth values and objects of anything."""
    if dtype.startswith("float"):
        return plain(Kind.DOUBLE)
    return plain(Kind.LONG) if dtype.startswith(("int", "uint")) else ANYTHING


def nested(tensor: TensorInfo, shape: tuple[int, ...] | None = None) -> JsonValue:
    """Return the schema of a tensor as lists in lists; `shape` takes the place of its own."""
    if tensor.dtype == "object":
        return ANYTHING  # MLflow lets ragged lists of anything pass
    sizes = tensor.shape if shape is None else shape
    schema = element(tensor.dtype)
    for depth, size in reversed(list(enumerate(sizes))):
        is_innermost = depth == len(sizes) - 1
        schema = {"type": "array", **_count(size, is_innermost=is_innermost), "items": schema}
    return schema


def _count(size: int, *, is_innermost: bool) -> dict[str, JsonValue]:
    """Return how many items a list has: numpy sees no further dimensions in an empty one."""
    if size != ANY_SIZE:
        return {"minItems": size, "maxItems": size}
    return {} if is_innermost else {"minItems": 1}


def fits_frames(tensor: TensorInfo) -> bool:
    """Return whether MLflow makes such a tensor of a data frame: a row for each first index, the rest fixed."""
    return tensor.shape[:1] == (ANY_SIZE,) and ANY_SIZE not in tensor.shape[1:]


def frame_cell(tensor: TensorInfo) -> JsonValue:
    """Return the schema of a cell of a named column: one element where a row has one, or all of a row in a list."""
    rows = _rows(tensor)
    return any_of([element(tensor.dtype), *rows] if takes_single(tensor) else rows)


def table_cell(tensor: TensorInfo) -> JsonValue:
    """Return the schema of a cell where columns have no names: as in a named one, or an element of a table's row."""
    is_table = len(tensor.shape) == _A_TABLE
    return any_of([element(tensor.dtype), *_rows(tensor)]) if is_table else frame_cell(tensor)


def most_columns(tensor: TensorInfo) -> int:
    """Return how many columns without names a data frame for this tensor may have."""
    return max(1, tensor.shape[1]) if len(tensor.shape) == _A_TABLE else 1


def takes_single(tensor: TensorInfo) -> bool:
    """Return whether a row of the tensor is one element."""
    return prod(tensor.shape[1:]) == 1 and len(tensor.shape) <= _A_TABLE


def _rows(tensor: TensorInfo) -> list[JsonValue]:
    """Return the forms of all elements of a row; numpy stacks a list with the row beside rows."""
    value, size = element(tensor.dtype), prod(tensor.shape[1:])
    if value == ANYTHING:
        return [ANYTHING]
    row: JsonValue = {"type": "array", "minItems": size, "maxItems": size, "items": value}
    return [row, {"type": "array", "minItems": 1, "maxItems": 1, "items": row}]
