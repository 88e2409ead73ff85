"""What the metadata of a model says and the schemas cannot: it is left to the model server."""

from collections.abc import Iterator

from shared.contracts.contract import Gap
from shared.contracts.open_inference.datatypes import Datatype
from shared.contracts.open_inference.metadata import ANY_SIZE, ModelMetadata, Tensor
from shared.contracts.open_inference.shapes import order_matters


def gaps(metadata: ModelMetadata) -> tuple[Gap, ...]:
    """Return what the gateway does not check of a request for predictions."""
    own = (gap for position, tensor in enumerate(metadata.inputs) for gap in _of(position, tensor))
    return (*_together(metadata), *own)


def _together(metadata: ModelMetadata) -> Iterator[Gap]:
    if len(metadata.inputs) > 1:
        yield Gap(
            "#/inputs", "That each input comes once is not checked, only that there are as many as inputs."
        )


def _of(position: int, tensor: Tensor) -> Iterator[Gap]:
    path, written = f"#/inputs/{position}/shape", list(tensor.shape)
    if order_matters(tensor.shape):
        yield Gap(
            path,
            f"Of the shape of {tensor.name}, {written}, the number of sizes is checked, and that each fixed one is "
            "among them, not at which place.",
        )
    if tensor.datatype is Datatype.BYTES:
        yield Gap(path, f"The data of {tensor.name} is not counted: one text may hold several elements.")
    elif ANY_SIZE in tensor.shape:
        yield Gap(path, f"Whether {tensor.name} has as many values as its shape says is not checked.")
