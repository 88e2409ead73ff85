"""What a contract can be made from."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from pydantic import JsonValue

from shared.contracts import open_inference
from shared.contracts.contract import Contract
from shared.documents import read_json


class ContractSource(StrEnum):
    """The kinds of files that a contract can be made from."""

    OPEN_INFERENCE_PROTOCOL = "open-inference-protocol"
    """The metadata of a model as its server gives it at `/v2/models/<name>`."""


_COMPILERS: Mapping[ContractSource, Callable[[JsonValue, str], Contract]] = {
    ContractSource.OPEN_INFERENCE_PROTOCOL: open_inference.compile_contract,
}


def compile_contract(source: ContractSource, path: Path, name: str) -> Contract:
    """Return the contract that a file describes; ``name`` is how sentences call the file.

    Raises DocumentError with a sentence for everything that is wrong with the file.
    """
    return _COMPILERS[source](read_json(path, name), name)
