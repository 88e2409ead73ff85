"""The Open Inference Protocol, version 2, as a source of contracts.

Source: "Open Inference Protocol (V2)", REST, of the KServe project. The file is the model's metadata, as a
server gives it at `GET /v2/models/<name>`.
"""

from shared.contracts.contract import Contract
from shared.contracts.files import ContractFiles, ContractReference, one_file, read_document
from shared.contracts.open_inference.gaps import gaps
from shared.contracts.open_inference.metadata import read_metadata
from shared.contracts.open_inference.operations import operations
from shared.contracts.open_inference.schemas import schemas

__all__ = ["compile_contract"]


def compile_contract(reference: ContractReference, files: ContractFiles) -> Contract:
    """Return the contract of a model with that metadata. Raises DocumentError when the metadata is wrong."""
    file = one_file(reference, "open-inference-protocol")
    metadata = read_metadata(read_document(file, files), files.source(file))
    return Contract(operations=operations(metadata), schemas=schemas(metadata), gaps=gaps(metadata))
