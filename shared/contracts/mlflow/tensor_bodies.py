"""The bodies of requests for a signature of tensors.

Source: `_enforce_tensor_schema` in mlflow.models.utils, `parse_instances_data` in mlflow.utils.proto_json_utils.
"""

from collections.abc import Callable

from pydantic import JsonValue

from shared.contracts.mlflow import frames
from shared.contracts.mlflow.frames import Column
from shared.contracts.mlflow.signature import Signature
from shared.contracts.mlflow.tensors import (
    fits_frames,
    frame_cell,
    most_columns,
    nested,
    table_cell,
    takes_single,
)
from shared.contracts.mlflow.types import ANY_SIZE, Input, TensorInfo
from shared.contracts.mlflow.values import ANYTHING

_NEVER: JsonValue = {"not": {}, "description": "MLflow makes no such tensor of a data frame."}


def data_frames(signature: Signature) -> tuple[JsonValue, JsonValue]:
    """Return the schemas of `dataframe_split` and `dataframe_records`."""
    tensors = signature.inputs
    if not all(fits_frames(tensor.tensor) for tensor in tensors):
        return _NEVER, _NEVER
    if not signature.is_named:
        cell, most = table_cell(tensors[0].tensor), most_columns(tensors[0].tensor)
        return frames.positional_split(cell, most), frames.positional_records(cell, most)
    columns = _columns(tensors, frame_cell, takes_single)
    return frames.split(columns), frames.records(columns)


def inputs(signature: Signature) -> list[JsonValue]:
    """Return what `inputs` may be: tensors by name, or the only one."""
    tensors = signature.inputs
    if not signature.is_named:
        return [nested(tensors[0].tensor)]
    by_name: JsonValue = {
        "type": "object",
        "required": [tensor.name for tensor in tensors],
        "properties": {str(tensor.name): nested(tensor.tensor) for tensor in tensors},
    }
    return [by_name, nested(tensors[0].tensor)] if len(tensors) == 1 else [by_name]


def instances(signature: Signature) -> list[JsonValue]:
    """Return what `instances` may be: as `inputs`, or a list with the part of each tensor for one first index."""
    if not signature.is_named:
        return inputs(signature)
    parts = _columns(
        signature.inputs, lambda tensor: nested(tensor, tensor.shape[1:]), fillable=lambda _: True
    )
    fixed = {tensor.tensor.shape[0] for tensor in signature.inputs if tensor.tensor.shape} - {ANY_SIZE}
    rows = frames.record_list(parts)
    return [*inputs(signature), {**rows, "minItems": max(fixed, default=1)}]


def _columns(
    tensors: tuple[Input, ...],
    value: Callable[[TensorInfo], JsonValue],
    fillable: Callable[[TensorInfo], bool],
) -> list[Column]:
    return [
        Column(
            tensor.name,
            value(tensor.tensor),
            is_checked=value(tensor.tensor) != ANYTHING,
            required=True,
            fillable=fillable(tensor.tensor),
        )
        for tensor in tensors
    ]
