"""What a signature says that its schemas do not, and what the server refuses that the gateway lets pass."""

from collections.abc import Iterator

from shared.contracts.contract import Gap
from shared.contracts.mlflow.schemas import takes_whole_body
from shared.contracts.mlflow.signature import Signature
from shared.contracts.mlflow.types import Input, Kind, Type

_INPUTS = "#/signature/inputs"

_OF_KIND = {
    Kind.INTEGER: "whether a whole number fits 32 bits",
    Kind.LONG: "whether a whole number fits 64 bits",
    Kind.BINARY: "whether a text is base64",
    Kind.DATETIME: "whether a text is a date that pandas can read, without a time zone",
}
_MIXED = "whether the items of a list have the right type: MLflow lets pass what is mixed and refuses some that is not"


def gaps(signature: Signature) -> tuple[Gap, ...]:
    """Return what is left to the server, in the document's order."""
    return tuple(_gaps(signature))


def _gaps(signature: Signature) -> Iterator[Gap]:
    yield Gap(_INPUTS, "Bodies in text/csv and Parquet, which MLflow servers take as well, are not offered.")
    if signature.from_type_hint:
        yield Gap(
            _INPUTS,
            "The signature stands for a type hint of Python: the server alone compares inputs with it.",
        )
        return
    if takes_whole_body(signature):
        yield Gap(
            _INPUTS, "Inputs without a key around them (messages, prompt, input) are left to the server."
        )
    yield from _of_tensors(signature) if signature.is_tensor_based else _of_columns(signature)


def _of_columns(signature: Signature) -> Iterator[Gap]:
    if len(signature.inputs) > 1:
        yield Gap(
            _INPUTS,
            "dataframe_split: each value is compared with the types of all columns, not with that of its own. With a "
            "column that the signature does not have, or one that takes any value, values are left to the server.",
        )
        yield Gap(
            _INPUTS, "inputs, instances: whether all columns have as many values is left to the server."
        )
    if not signature.is_named:
        yield Gap(
            _INPUTS, "Columns without names: dataframe_records, inputs and instances are left to the server."
        )
    yield Gap(_INPUTS, "Whether rows and their index are as long as each other is left to the server.")
    for position, column in enumerate(signature.inputs):
        for what in dict.fromkeys(_open(column)):
            yield Gap(f"{_INPUTS}/{position}", f"{_called(column)}: {what} is left to the server.")


def _open(of: Type) -> Iterator[str]:
    if of.type in _OF_KIND:
        yield _OF_KIND[of.type]
    if of.type in (Kind.ARRAY, Kind.SPARK_VECTOR):
        yield _MIXED
    parts = [of.items, of.values, *(of.properties or {}).values()]
    for part in parts:
        if part is not None:
            yield from _open(part)


def _of_tensors(signature: Signature) -> Iterator[Gap]:
    for position, tensor in enumerate(signature.inputs):
        yield Gap(
            f"{_INPUTS}/{position}",
            f"{_called(tensor)}: whether lists are of one length where the shape has -1, and whether an element fits "
            f"{tensor.tensor.dtype}, is left to the server.",
        )
    yield Gap(
        _INPUTS,
        "Data frames for tensors: their index, and lists of different length, are left to the server.",
    )


def _called(column: Input) -> str:
    kind = "tensor" if column.type is Kind.TENSOR else "column"
    return f"the {kind}" if column.name is None else f'the {kind} "{column.name}"'
