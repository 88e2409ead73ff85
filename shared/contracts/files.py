"""The files that a contract is made from: on disk, or in a revision of git."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pydantic import JsonValue

from shared.bounded_files import LONGEST_CONTRACT
from shared.documents import DocumentError, parse_json, parse_yaml


@dataclass(frozen=True)
class SchemaFiles:
    """The JSON Schemas of one operation, as files below the model's folder."""

    request: str
    """The file with the schema of the request's body."""
    response: str
    """The file with the schema of the answer's body."""
    path: str
    """The path on the model server that answers, such as ``/score``."""


ContractReference: TypeAlias = str | SchemaFiles
"""What a version calls its contract: one file below the model's folder, or the schemas of one operation."""


def named_file(reference: ContractReference) -> str:
    """Return the file by which sentences call a contract; of a pair of schemas, that of the request."""
    return reference.request if isinstance(reference, SchemaFiles) else reference


class ContractFiles(Protocol):
    """The files of one model's folder."""

    def read(self, path: str) -> bytes:
        """Return what a file below the model's folder holds.

        Raises DocumentError when there is no such file, or it cannot be used.
        """

    def source(self, path: str) -> str:
        """Return how sentences call the file, such as ``models/iris-species/contracts/v1.json``."""


def read_document(path: str, files: ContractFiles) -> JsonValue:
    """Return the content of a file: JSON where its name ends so, YAML otherwise (an `MLmodel` file is YAML).

    Raises DocumentError when it cannot be read or is not what its name says.
    """
    read = parse_json if path.endswith(".json") else parse_yaml
    return read(files.read(path), files.source(path), LONGEST_CONTRACT)


def one_file(reference: ContractReference, kind: str) -> str:
    """Return the file of a contract that has one.

    Raises DocumentError when the contract is a pair of schemas.
    """
    if isinstance(reference, SchemaFiles):
        raise DocumentError(
            [f"a contract of the kind {kind} is one file, such as contracts/v1.json. Name it as text."]
        )
    return reference
