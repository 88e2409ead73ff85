"""What a new model begins with: the contract of its first version, and what comes with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import JsonValue

from delivery.errors import DeliveryError
from delivery.new_model.parts import parts
from shared.bounded_files import LONGEST_CONTRACT, read_content
from shared.contracts.files import SchemaFiles
from shared.contracts.recognition import recognised
from shared.contracts.sources import ContractKind
from shared.documents import parse_json, parse_yaml

_MLMODEL = "MLmodel"
_WHAT_THERE_IS = (
    "an MLmodel file or the folder of an MLflow model, an OpenAPI document, or the metadata of a model on an Open "
    "Inference Protocol server"
)


@dataclass(frozen=True)
class Source:
    """A contract, with the files that the folder is to hold for it."""

    kind: ContractKind
    """The kind of the contract."""
    contract: JsonValue
    """What model.yaml says as `contract`: a file, or a map of request, response and path."""
    files: Mapping[str, bytes]
    """What the folder holds beside model.yaml, by path."""
    example: JsonValue = None
    """A request that fits; None where the contract has one of its own."""
    local_endpoint: str | None = None
    """Where the model answers on this machine, where that is known."""
    has_server: bool = False
    """Whether `./dev local` serves the model itself."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where files come from, as the person named them, by their paths in the folder."""

    def as_named(self, problem: str, folder: str) -> str:
        """Return a sentence about a file of the ``folder`` to be, with the name of the file that is there."""
        for path, origin in self.origins.items():
            start = f"{folder}/{path}"
            if problem.startswith((f"{start}:", f"{start},")):
                return origin + problem.removeprefix(start)
        return problem


def from_path(path: Path) -> Source:
    """Return the source that a file or the folder of an MLflow model is.

    Raises DocumentError when it cannot be read, DeliveryError when it is no contract.
    """
    file = path / _MLMODEL if path.is_dir() else path
    source = from_content(read_content(file, str(file), LONGEST_CONTRACT), str(file))
    return _with_parts(source, dict.fromkeys(source.files, file))


def from_content(content: bytes, name: str) -> Source:
    """Return the source that the content of a file is; ``name`` is how sentences call it.

    Raises DocumentError when it is neither YAML nor JSON, DeliveryError when it is no contract.
    """
    is_json = content.lstrip().startswith(b"{")
    document = (parse_json if is_json else parse_yaml)(content, name, LONGEST_CONTRACT)
    kind = recognised(document)
    if kind == ContractKind.JSON_SCHEMA:
        raise DeliveryError(
            f"{name}: is a JSON Schema, and an operation has two: name them with --request FILE and --response FILE."
        )
    if kind is None:
        raise DeliveryError(f"{name}: is no contract that is known here: name {_WHAT_THERE_IS}.")
    contract = (
        f"contracts/v1/{_MLMODEL}"
        if kind == ContractKind.MLFLOW
        else f"contracts/v1.{'json' if is_json else 'yaml'}"
    )
    return Source(ContractKind(kind), contract, {contract: content}, origins={contract: name})


def from_schemas(request: Path, response: Path, path: str) -> Source:
    """Return the source that the JSON Schemas of one operation are.

    Raises DocumentError when a file cannot be read.
    """
    named = SchemaFiles(
        f"contracts/v1.request{_suffix(request)}", f"contracts/v1.response{_suffix(response)}", path
    )
    source = Source(
        ContractKind.JSON_SCHEMA,
        {"request": named.request, "response": named.response, "path": named.path},
        {
            named.request: read_content(request, str(request), LONGEST_CONTRACT),
            named.response: read_content(response, str(response), LONGEST_CONTRACT),
        },
        origins={named.request: str(request), named.response: str(response)},
    )
    return _with_parts(source, {named.request: request, named.response: response})


def _with_parts(source: Source, originals: Mapping[str, Path]) -> Source:
    """Return the source with the files that its contracts refer to."""
    found = parts(source.files, originals)
    read = {place: part.content for place, part in found.items()}
    named = {place: str(part.file) for place, part in found.items()}
    return replace(source, files={**source.files, **read}, origins={**source.origins, **named})


def _suffix(file: Path) -> str:
    return ".json" if file.suffix == ".json" else ".yaml"
