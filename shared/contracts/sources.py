"""What a contract can be made from."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from shared.contracts import json_schema, mlflow, open_inference, openapi
from shared.contracts.contract import Contract
from shared.contracts.files import ContractFiles, ContractReference, read_document
from shared.contracts.recognition import recognised
from shared.documents import DocumentError


class ContractKind(StrEnum):
    """The kinds of documents that a contract can be made from."""

    JSON_SCHEMA = "json-schema"
    """The JSON Schemas of a request and its response."""
    MLFLOW = "mlflow"
    """The `MLmodel` file of a saved MLflow model, with a signature."""
    OPEN_INFERENCE_PROTOCOL = "open-inference-protocol"
    """The metadata of a model as its server gives it at `/v2/models/<name>`."""
    OPENAPI = "openapi"
    """An OpenAPI document, 3.0 or 3.1."""


_COMPILERS: Mapping[ContractKind, Callable[[ContractReference, ContractFiles], Contract]] = {
    ContractKind.JSON_SCHEMA: json_schema.compile_contract,
    ContractKind.MLFLOW: mlflow.compile_contract,
    ContractKind.OPEN_INFERENCE_PROTOCOL: open_inference.compile_contract,
    ContractKind.OPENAPI: openapi.compile_contract,
}


def compile_contract(kind: ContractKind, reference: ContractReference, files: ContractFiles) -> Contract:
    """Return the contract that the files of a model describe.

    Raises DocumentError with a sentence for everything that is wrong with a file, or one for a file of another kind.
    """
    try:
        return _COMPILERS[kind](reference, files)
    except DocumentError as error:
        if isinstance(reference, str) and (problem := _other_kind(kind, reference, files)) is not None:
            raise DocumentError([problem]) from error
        raise


def _other_kind(kind: ContractKind, path: str, files: ContractFiles) -> str | None:
    """Return a sentence about a file of another kind than the one that was named, or None."""
    try:
        looks_like = recognised(read_document(path, files))
    except DocumentError:
        return None
    if looks_like is None or looks_like == kind:
        return None
    form = " with a map of request, response and path as `contract`" if looks_like == "json-schema" else ""
    return (
        f"{files.source(path)}: looks like a document of the kind {looks_like}, and model.yaml says `kind: {kind}`. "
        f"Write `kind: {looks_like}`{form}, or name another file."
    )
