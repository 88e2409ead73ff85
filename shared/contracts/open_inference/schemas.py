"""The schemas of the protocol's bodies, narrowed to one model.

Data may be flat or nested as the protocol has it, numbers may come in other numeric datatypes, and members that
the protocol leaves open stay open. OpenAPI 3.0 cannot compare the shape with the data: what depends on it is left to
the server. A list of forms tells a consumer only that none fits, so what all forms have in common stands beside it.
"""

from collections.abc import Iterable, Mapping
from math import prod

from pydantic import JsonValue

from shared.contracts.contract import reference
from shared.contracts.open_inference.datatypes import Datatype, accepted, element_schema
from shared.contracts.open_inference.metadata import ANY_SIZE, ModelMetadata, Tensor
from shared.contracts.open_inference.shapes import any_shape, shape_schema, written_out
from shared.contracts.open_inference.tensors import input_names, output_names

REQUEST = "InferenceRequest"
"""The schema of a request for predictions."""
RESPONSE = "InferenceResponse"
"""The schema of predictions."""
ERROR = "InferenceError"
"""The schema of an error of the model server."""
UNREADABLE = "UnreadableRequest"
"""The schema of the error of a model server that cannot read a request."""
METADATA = "ModelMetadata"
"""The schema of the model's metadata."""
_TENSOR = "Tensor"
"""The schema of a tensor that the metadata does not describe."""

_MEMBERS = ("name", "shape", "datatype", "data")
"""What every tensor has."""

_TEXT: JsonValue = {"type": "string"}
_OPTIONAL_TEXT: JsonValue = {"type": "string", "nullable": True}
_OPTIONAL_MAP: JsonValue = {"type": "object", "nullable": True}


def schemas(metadata: ModelMetadata) -> Mapping[str, JsonValue]:
    """Return every schema of the contract by name."""
    inputs, outputs = input_names(metadata), output_names(metadata)
    return {
        REQUEST: _request(inputs),
        **{inputs[tensor.name]: _input(tensor) for tensor in metadata.inputs},
        RESPONSE: _response(metadata, outputs.values()),
        **{outputs[tensor.name]: _output(tensor) for tensor in metadata.outputs},
        _TENSOR: _tensor({"name": _TEXT}, any_shape(), list(Datatype), {"type": "array", "items": {}}),
        ERROR: {"type": "object", "properties": {"error": _OPTIONAL_TEXT}},
        UNREADABLE: {
            "type": "object",
            "properties": {"detail": {"type": "array", "items": {"type": "object"}}},
        },
        METADATA: _metadata(metadata),
    }


def _request(inputs: Mapping[str, str]) -> JsonValue:
    return {
        "type": "object",
        "required": ["inputs"],
        "properties": {
            "id": _OPTIONAL_TEXT,
            "parameters": _OPTIONAL_MAP,
            "inputs": {
                "type": "array",
                "minItems": len(inputs),
                "maxItems": len(inputs),
                "items": _any_input(inputs),
            },
            "outputs": {
                "type": "array",
                "nullable": True,
                "items": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": _TEXT, "parameters": _OPTIONAL_MAP},
                },
            },
        },
    }


def _response(metadata: ModelMetadata, outputs: Iterable[str]) -> JsonValue:
    return {
        "type": "object",
        "required": ["model_name", "outputs"],
        "properties": {
            "model_name": {"type": "string", "enum": [metadata.name]},
            "model_version": _OPTIONAL_TEXT,
            "id": _OPTIONAL_TEXT,
            "parameters": _OPTIONAL_MAP,
            # A request may ask for outputs that the metadata does not describe; they are tensors of any kind.
            "outputs": {"type": "array", "items": _any_of([*outputs, _TENSOR])},
        },
    }


def _input(tensor: Tensor) -> JsonValue:
    datatypes = accepted(tensor.datatype)
    return _tensor(_named(tensor), shape_schema(tensor.shape), datatypes, _data(tensor))


def _output(tensor: Tensor) -> JsonValue:
    return _tensor(_named(tensor), shape_schema(tensor.shape), [tensor.datatype], _data(tensor))


def _named(tensor: Tensor) -> dict[str, JsonValue]:
    return {"name": {"type": "string", "enum": [tensor.name]}}


def _any_input(inputs: Mapping[str, str]) -> JsonValue:
    """Return the schema of any of the inputs, given the name of each one's own schema."""
    if len(inputs) == 1:
        return _any_of(list(inputs.values()))
    return {
        "type": "object",
        "required": list(_MEMBERS),
        "properties": {"name": {"type": "string", "enum": list(inputs)}},
        **_any_of(list(inputs.values())),
    }


def _tensor(
    name: dict[str, JsonValue], shape: JsonValue, datatypes: Iterable[Datatype], data: JsonValue
) -> JsonValue:
    return {
        "type": "object",
        "required": list(_MEMBERS),
        "properties": {
            **name,
            "shape": shape,
            "datatype": {"type": "string", "enum": [datatype.value for datatype in datatypes]},
            "parameters": _OPTIONAL_MAP,
            "data": data,
        },
    }


def _data(tensor: Tensor) -> JsonValue:
    """Return the schema of the data: all elements in a row, or nested by dimension."""
    element = element_schema(tensor.datatype)
    shape = written_out(tensor.shape)
    flat = _flat(element, shape, counted=tensor.datatype is not Datatype.BYTES)
    if len(shape) <= 1:
        return flat
    nested = element
    for size in reversed(shape):
        nested = _array(nested, 1, None) if size == ANY_SIZE else _array(nested, size, size)
    return {"type": "array", "minItems": 1, "anyOf": [flat, nested]}


def _flat(element: JsonValue, shape: tuple[int, ...], *, counted: bool) -> JsonValue:
    """Return the schema of all elements in a row. Bytes are not counted: one text may hold several elements."""
    if not counted:
        return _array(element, 1, None)
    elements = prod(size for size in shape if size != ANY_SIZE)
    return _array(element, elements, None if ANY_SIZE in shape else elements)


def _array(items: JsonValue, least: int, most: int | None) -> JsonValue:
    limit: dict[str, JsonValue] = {} if most is None else {"maxItems": most}
    return {"type": "array", "minItems": least, **limit, "items": items}


def _metadata(metadata: ModelMetadata) -> JsonValue:
    tensors: JsonValue = {
        "type": "array",
        "nullable": True,
        "items": {
            "type": "object",
            "required": ["name", "datatype", "shape"],
            "properties": {
                "name": _TEXT,
                "datatype": {"type": "string", "enum": [datatype.value for datatype in Datatype]},
                "shape": {"type": "array", "items": {"type": "integer", "minimum": ANY_SIZE}},
                "parameters": _OPTIONAL_MAP,
            },
        },
    }
    return {
        "type": "object",
        "required": ["name", "platform"],
        "properties": {
            "name": {"type": "string", "enum": [metadata.name]},
            "versions": {"type": "array", "nullable": True, "items": _TEXT},
            "platform": _TEXT,
            "inputs": tensors,
            "outputs": tensors,
            "parameters": _OPTIONAL_MAP,
        },
    }


def _any_of(names: list[str]) -> dict[str, JsonValue]:
    references = [reference(name) for name in names]
    return references[0] if len(references) == 1 else {"anyOf": list[JsonValue](references)}
