"""OpenAPI 3.0 and 3.1 documents as a source of contracts.

Source: "OpenAPI Specification" 3.0.4 and 3.1.1 (spec.openapis.org). Every operation of the document becomes one of the
contract, with its path. What the gateway does in another way than the document (servers, security) and what API
Management cannot hold is told as gaps.
"""

from shared.contracts.contract import Contract
from shared.contracts.dialect import Documents
from shared.contracts.files import ContractFiles, ContractReference, one_file, read_document
from shared.contracts.openapi.checking import check_document
from shared.contracts.openapi.drafts import finished
from shared.contracts.openapi.losses import losses
from shared.contracts.openapi.operations import operations
from shared.contracts.openapi.reading import Reading
from shared.contracts.openapi.version import dialect_of
from shared.documents import DocumentError

__all__ = ["compile_contract"]


def compile_contract(reference: ContractReference, files: ContractFiles) -> Contract:
    """Return the contract of an OpenAPI document. Raises DocumentError with everything that is wrong with it."""
    path = one_file(reference, "openapi")
    source = files.source(path)
    try:
        return _compiled(path, source, files)
    except RecursionError as error:
        raise DocumentError(
            [f"{source}: has more schemas inside of each other than can be read. Flatten it."]
        ) from error


def _compiled(path: str, source: str, files: ContractFiles) -> Contract:
    contents = read_document(path, files)
    dialect = dialect_of(contents, source)
    documents = Documents(lambda name: read_document(name, files), source)
    root = documents.root(path, contents, dialect)
    check_document(documents, root, path)
    reading = Reading(documents, root)
    drafts = operations(reading)
    translation = reading.translated()
    described, about_examples = finished(drafts, translation)
    gaps = (*losses(reading), *reading.gaps, *about_examples, *translation.gaps)
    return Contract(described, translation.schemas, gaps)
