"""What a contract can be made from."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from shared.contracts import open_inference
from shared.contracts.contract import Contract
from shared.contracts.files import ContractFiles, ContractReference


class ContractKind(StrEnum):
    """The kinds of documents that a contract can be made from."""

    OPEN_INFERENCE_PROTOCOL = "open-inference-protocol"
    """The metadata of a model as its server gives it at `/v2/models/<name>`."""


_COMPILERS: Mapping[ContractKind, Callable[[ContractReference, ContractFiles], Contract]] = {
    ContractKind.OPEN_INFERENCE_PROTOCOL: open_inference.compile_contract,
}


def compile_contract(kind: ContractKind, reference: ContractReference, files: ContractFiles) -> Contract:
    """Return the contract that the files of a model describe.

    Raises DocumentError with a sentence for everything that is wrong with a file.
    """
    return _COMPILERS[kind](reference, files)
