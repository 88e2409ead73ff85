"""The signature in an `MLmodel` file: inputs, outputs and params, each as JSON in a text.

Source: `ModelSignature.to_dict` of MLflow 3, and "Model Signatures and Input Examples" of its documentation.
"""

from collections.abc import Sequence
from typing import Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from shared.contracts.mlflow.types import Input, Kind, Param
from shared.documents import Document, DocumentError, parse, parse_json

_KEY = "signature"
_HOW = (
    "Log the model with one (`mlflow.models.infer_signature(inputs, predictions)`, as `signature=` of log_model), or "
    "describe its API by a contract of another kind."
)


class _Texts(Document):
    """The signature as the file holds it."""

    model_config = ConfigDict(extra="ignore", alias_generator=None)

    inputs: str | None = Field(default=None, description="JSON as a text, as MLflow writes it")
    outputs: str | None = Field(default=None, description="JSON as a text, as MLflow writes it")
    params: str | None = Field(default=None, description="JSON as a text, as MLflow writes it")


class _File(Document):
    """The part of an `MLmodel` file that matters here."""

    model_config = ConfigDict(extra="ignore", alias_generator=None)

    signature: _Texts | None = Field(default=None, description="what the model takes and gives")
    is_signature_from_type_hint: bool = Field(default=False, description="true or false")


class Signature(Document):
    """What a model takes and gives."""

    inputs: tuple[Input, ...] = Field(min_length=1, description="a list of columns or tensors, at least one")
    outputs: tuple[Input, ...] | None = Field(default=None, description="a list of columns or tensors")
    params: tuple[Param, ...] | None = Field(default=None, description="a list of parameters")
    from_type_hint: bool = False

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        for key, columns in (("inputs", self.inputs), ("outputs", self.outputs or ())):
            if fault := _mixed(columns):
                raise ValueError(f"`{key}` {fault}. MLflow writes no such signature: save the model anew.")
        return self

    @property
    def is_tensor_based(self) -> bool:
        """Whether the inputs are tensors, not columns."""
        return self.inputs[0].type is Kind.TENSOR

    @property
    def is_named(self) -> bool:
        """Whether the inputs have names."""
        return self.inputs[0].name is not None


def _mixed(columns: Sequence[Input]) -> str | None:
    """Return what is wrong with columns together, or None: MLflow's `Schema` refuses it as well."""
    names = [column.name for column in columns if column.name is not None]
    if names and len(names) < len(columns):
        return "holds columns with a name and others without"
    if len({column.type is Kind.TENSOR for column in columns}) > 1:
        return "holds columns and tensors"
    if len(set(names)) < len(names):
        return f'holds "{next(name for name in names if names.count(name) > 1)}" more than once'
    if not names and len(columns) > 1 and columns[0].type is Kind.TENSOR:
        return "holds several tensors without names"
    return None


def read_signature(document: JsonValue, source: str) -> Signature:
    """Return the checked signature of an `MLmodel` file.

    Raises DocumentError with a sentence for everything that is wrong, or when there is no signature.
    """
    file = parse(_File, document, source)
    texts = file.signature
    if texts is None:
        raise DocumentError([f"{source}: `{_KEY}` is missing: the model was saved without one. {_HOW}"])
    if texts.inputs is None:
        raise DocumentError([f"{source}: `{_KEY}.inputs` is missing. {_HOW}"])
    parts: dict[str, JsonValue] = {
        key: _loaded(text, f"{source}: `{_KEY}.{key}`")
        for key, text in (("inputs", texts.inputs), ("outputs", texts.outputs), ("params", texts.params))
        if text
    }
    return parse(Signature, {**parts, "from-type-hint": file.is_signature_from_type_hint}, source, f"{_KEY}.")


def _loaded(text: str, source: str) -> JsonValue:
    return parse_json(text.encode(), source)
