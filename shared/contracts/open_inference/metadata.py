"""The metadata of a model: name, inputs and outputs.

Source: "Model Metadata Response JSON Object" of the protocol. Servers wrote it, and they may say more than the
protocol has.
"""

from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from shared.contracts.open_inference.datatypes import Datatype
from shared.documents import Document, parse

ANY_SIZE = -1
"""A dimension whose size differs from request to request."""


def _number(value: object) -> object:
    """Return the number that a text holds: some servers write sizes so, as JSON has no integers of 64 bits."""
    return int(value) if isinstance(value, str) and value.removeprefix("-").isdecimal() else value


Dimension = Annotated[
    int,
    BeforeValidator(_number),
    Field(strict=True, ge=ANY_SIZE, description="a whole number from 1, or -1 where any size is possible"),
]


class Tensor(Document):
    """An input or output of the model."""

    model_config = ConfigDict(extra="ignore")

    name: str = Field(min_length=1, description="the tensor's name, as the server knows it")
    datatype: Datatype = Field(description=f"one of {', '.join(Datatype)}")
    shape: tuple[Dimension, ...] = Field(
        description="a list of sizes, each a whole number from 1, or -1 where any size is possible",
    )
    parameters: dict[str, JsonValue] | None = Field(default=None, description="a map")

    @model_validator(mode="after")
    def _no_empty_dimension(self) -> Self:
        if 0 in self.shape:
            raise ValueError(
                f"shape {list(self.shape)} holds 0; write the size, or -1 where any size is possible."
            )
        return self


class ModelMetadata(Document):
    """What a server tells of a model."""

    model_config = ConfigDict(extra="ignore")

    name: str = Field(min_length=1, description="the model's name on its server")
    platform: str = Field(default="", description="the framework of the model, as text")
    versions: tuple[str, ...] | None = Field(default=None, description="a list of texts")
    inputs: tuple[Tensor, ...] = Field(min_length=1, description="a list of tensors, at least one")
    outputs: tuple[Tensor, ...] = Field(min_length=1, description="a list of tensors, at least one")
    parameters: dict[str, JsonValue] | None = Field(default=None, description="a map")

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for key, tensors in (("inputs", self.inputs), ("outputs", self.outputs)):
            names = [tensor.name for tensor in tensors]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(
                    f'`{key}` holds "{twice[0]}" more than once. Give each tensor a name of its own.'
                )
        return self


def read_metadata(document: JsonValue, source: str) -> ModelMetadata:
    """Return checked metadata. Raises DocumentError with a sentence for everything that is wrong."""
    return parse(ModelMetadata, document, source)
