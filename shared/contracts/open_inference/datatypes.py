"""The datatypes of tensors, and what they are in JSON. Source: "Tensor Data Types" of the protocol."""

from enum import StrEnum

from pydantic import JsonValue


class Datatype(StrEnum):
    """The type of a tensor's elements."""

    BOOL = "BOOL"
    UINT8 = "UINT8"
    UINT16 = "UINT16"
    UINT32 = "UINT32"
    UINT64 = "UINT64"
    INT8 = "INT8"
    INT16 = "INT16"
    INT32 = "INT32"
    INT64 = "INT64"
    FP16 = "FP16"
    FP32 = "FP32"
    FP64 = "FP64"
    BF16 = "BF16"
    BYTES = "BYTES"


_UNSIGNED = tuple(datatype for datatype in Datatype if datatype.startswith("UINT"))
_INTEGERS = tuple(datatype for datatype in Datatype if "INT" in datatype)
_NUMBERS = (*_INTEGERS, Datatype.FP16, Datatype.FP32, Datatype.FP64, Datatype.BF16)


def accepted(datatype: Datatype) -> tuple[Datatype, ...]:
    """Return the datatypes in which a consumer may send a tensor that the model declares with ``datatype``.

    Servers convert between numbers: a model of FP64 takes FP32 and integers, one of INT64 takes other
    integers.
    """
    if datatype in _INTEGERS:
        return _INTEGERS
    return _NUMBERS if datatype in _NUMBERS else (datatype,)


def element_schema(datatype: Datatype) -> JsonValue:
    """Return the schema of one element."""
    if datatype is Datatype.BOOL:
        return {"type": "boolean"}
    if datatype is Datatype.BYTES:
        return {"type": "string"}
    if datatype in _UNSIGNED:
        return {"type": "integer", "minimum": 0}
    return {"type": "integer" if datatype in _INTEGERS else "number"}


def example_element(datatype: Datatype) -> JsonValue:
    """Return an element that every model of this datatype can read."""
    if datatype is Datatype.BOOL:
        return False
    if datatype is Datatype.BYTES:
        return ""
    return 0 if datatype in _INTEGERS else 0.0
