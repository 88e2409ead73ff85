"""Bodies that fit the schemas, computed from the metadata."""

from math import prod

from pydantic import JsonValue

from shared.contracts.open_inference.datatypes import example_element
from shared.contracts.open_inference.metadata import ANY_SIZE, ModelMetadata, Tensor

_MOST_ELEMENTS = 64
"""A longer example would hide what it shows."""


def request_example(metadata: ModelMetadata) -> JsonValue:
    """Return a request for one prediction, or None when it would be long."""
    if any(_elements(tensor) > _MOST_ELEMENTS for tensor in metadata.inputs):
        return None
    return {"inputs": [_tensor(tensor) for tensor in metadata.inputs]}


def response_example(metadata: ModelMetadata) -> JsonValue:
    """Return the response to that request, or None when it would be long."""
    if any(_elements(tensor) > _MOST_ELEMENTS for tensor in metadata.outputs):
        return None
    return {"model_name": metadata.name, "outputs": [_tensor(tensor) for tensor in metadata.outputs]}


def metadata_example(metadata: ModelMetadata) -> JsonValue:
    """Return the metadata itself."""
    example: JsonValue = metadata.model_dump(mode="json", by_alias=True, exclude_none=True)
    return example


def _tensor(tensor: Tensor) -> JsonValue:
    elements: list[JsonValue] = [example_element(tensor.datatype)] * _elements(tensor)
    return {
        "name": tensor.name,
        "shape": list(_single(tensor)),
        "datatype": tensor.datatype.value,
        "data": elements,
    }


def _single(tensor: Tensor) -> tuple[int, ...]:
    """Return the shape with one where any size is possible."""
    return tuple(1 if size == ANY_SIZE else size for size in tensor.shape)


def _elements(tensor: Tensor) -> int:
    return prod(_single(tensor))
