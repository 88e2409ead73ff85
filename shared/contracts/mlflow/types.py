"""The types of a signature: what MLflow writes for each column, parameter and tensor.

Source: `mlflow.types.schema` of MLflow 3 (`DataType`, `Array`, `Object`, `Map`, `AnyType`, `TensorSpec`). MLflow wrote
the file, and a later version may say more: keys that are not known here are left alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AliasChoices, ConfigDict, Field, JsonValue, model_validator

from shared.documents import Document

ANY_SIZE = -1
"""A dimension whose size differs from request to request."""


class Kind(StrEnum):
    """What the `type` of a column, of a property or of items says."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    LONG = "long"
    FLOAT = "float"
    DOUBLE = "double"
    STRING = "string"
    BINARY = "binary"
    DATETIME = "datetime"
    ARRAY = "array"
    OBJECT = "object"
    MAP = "map"
    ANY = "any"
    SPARK_VECTOR = "sparkml_vector"
    TENSOR = "tensor"


NESTED = frozenset({Kind.ARRAY, Kind.OBJECT, Kind.MAP, Kind.ANY, Kind.SPARK_VECTOR})
"""The types whose values are lists, maps or anything."""

JSON_TYPES: Mapping[Kind, str] = {
    Kind.BOOLEAN: "boolean",
    Kind.INTEGER: "integer",
    Kind.LONG: "integer",
    Kind.FLOAT: "number",
    Kind.DOUBLE: "number",
    Kind.STRING: "string",
    Kind.BINARY: "string",
    Kind.DATETIME: "string",
}
"""By type: what a single value is in JSON where nothing is converted."""

_PART = {Kind.ARRAY: "items", Kind.OBJECT: "properties", Kind.MAP: "values", Kind.TENSOR: "tensor-spec"}
"""The key that a type does not go without."""

Size = Annotated[int, Field(strict=True, ge=ANY_SIZE)]


class TensorInfo(Document):
    """The elements and the shape of a tensor."""

    model_config = ConfigDict(extra="ignore", alias_generator=None)

    dtype: str = Field(min_length=1, description="the name of a numpy dtype, such as float64")
    shape: tuple[Size, ...] = Field(description="a list of sizes, -1 where any size is possible")


class Type(Document):
    """A type, with those inside of it."""

    model_config = ConfigDict(extra="ignore")

    type: Kind = Field(description=f"one of {', '.join(Kind)}")
    items: "Type | None" = Field(default=None, description="a map with the `type` of the items")
    properties: "dict[str, Type] | None" = Field(default=None, description="a map of properties by name")
    values: "Type | None" = Field(default=None, description="a map with the `type` of the values")
    tensor_spec: TensorInfo | None = Field(default=None, description="a map with `dtype` and `shape`")
    required: bool | None = Field(default=None, description="true or false")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        part = _PART.get(self.type)
        if part is not None and getattr(self, part.replace("-", "_")) is None:
            raise ValueError(
                f"is of the type {self.type} and lacks `{part}`. Save the model anew, or add the key."
            )
        return self

    @property
    def tensor(self) -> TensorInfo:
        """What the type says of a tensor. Only for the type `tensor`, which always says it."""
        if self.tensor_spec is None:
            raise TypeError(f"{self.type} is no tensor")
        return self.tensor_spec

    @property
    def is_required_property(self) -> bool:
        """Whether an object goes without this property; one that says nothing is required."""
        return self.required is not False


class Input(Type):
    """A column or tensor of the model's inputs or outputs."""

    name: str | None = Field(default=None, description="a text")

    @property
    def is_required(self) -> bool:
        """Whether every request has it. MLflow reads a nested type that does not say so as optional."""
        return self.required if self.required is not None else self.type not in NESTED


class Param(Type):
    """A parameter that a request may set; its default holds otherwise."""

    name: str = Field(description="a text")
    type: Kind = Field(
        validation_alias=AliasChoices("type", "dtype"),  # older files say `dtype`
        description=f"one of {', '.join(Kind)}",
    )
    default: JsonValue = None
    shape: tuple[Size, ...] | None = Field(
        default=None, description="null for a single value, or [-1] for a list"
    )
