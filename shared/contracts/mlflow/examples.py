"""Bodies that fit the schemas, computed from the signature."""

from math import prod

from pydantic import JsonValue

from shared.contracts.mlflow.bodies import INPUTS, SPLIT
from shared.contracts.mlflow.signature import Signature
from shared.contracts.mlflow.types import ANY_SIZE, Input, Kind, TensorInfo, Type

_MOST_ELEMENTS = 64
"""A longer example would hide what it shows."""

_VALUES: dict[Kind, JsonValue] = {
    Kind.BOOLEAN: False,
    Kind.INTEGER: 0,
    Kind.LONG: 0,
    Kind.FLOAT: 0.0,
    Kind.DOUBLE: 0.0,
    Kind.STRING: "text",
    Kind.BINARY: "Ynl0ZXM=",
    Kind.DATETIME: "2026-11-24T12:00:00",
    Kind.ANY: "anything",
}


def request_example(signature: Signature) -> JsonValue:
    """Return a request for one prediction, or None when it would be long or cannot be told from the signature."""
    if signature.from_type_hint:
        return None
    if signature.is_tensor_based:
        return _tensors(signature)
    row = [_value(column) for column in signature.inputs]
    if not signature.is_named:
        return {SPLIT: {"data": [row]}}
    return {SPLIT: {"columns": [column.name for column in signature.inputs], "data": [row]}}


def response_example(signature: Signature) -> JsonValue:
    """Return the response to that request, or None when it would be long or the signature has no outputs."""
    outputs = signature.outputs
    if not outputs or any(_is_long(output) for output in outputs):
        return None
    values = [_value(output) for output in outputs]
    is_tensor = outputs[0].type is Kind.TENSOR
    if outputs[0].name is None:
        return {"predictions": values[0] if is_tensor else values}
    row: JsonValue = {str(output.name): value for output, value in zip(outputs, values, strict=True)}
    return {"predictions": row if is_tensor else [row]}


def _tensors(signature: Signature) -> JsonValue:
    if any(_is_long(tensor) for tensor in signature.inputs):
        return None
    values = [_tensor(tensor.tensor) for tensor in signature.inputs]
    if not signature.is_named:
        return {INPUTS: values[0]}
    names = [str(tensor.name) for tensor in signature.inputs]
    return {INPUTS: dict(zip(names, values, strict=True))}


def _is_long(of: Input) -> bool:
    return of.type is Kind.TENSOR and prod(max(size, 1) for size in _single(of.tensor)) > _MOST_ELEMENTS


def _value(of: Type) -> JsonValue:
    match of.type:
        case Kind.TENSOR:
            return _tensor(of.tensor)
        case Kind.ARRAY:
            return [_value(of.items)] if of.items else []
        case Kind.SPARK_VECTOR:
            return [0.5]
        case Kind.OBJECT:
            return {name: _value(part) for name, part in (of.properties or {}).items()}
        case Kind.MAP:
            return {"key": _value(of.values)} if of.values else {}
        case _:
            return _VALUES[of.type]


def _tensor(tensor: TensorInfo) -> JsonValue:
    value = _element(tensor.dtype)
    for size in reversed(_single(tensor)):
        value = [value] * size
    return value


def _single(tensor: TensorInfo) -> tuple[int, ...]:
    """Return the shape with one where any size is possible."""
    return tuple(1 if size == ANY_SIZE else size for size in tensor.shape)


def _element(dtype: str) -> JsonValue:
    if dtype.startswith(("float", "complex")):
        return 0.0
    if dtype.startswith(("int", "uint")):
        return 0
    if dtype.startswith("datetime"):
        return "2026-11-24T12:00:00"
    return False if dtype == "bool" else "text"
