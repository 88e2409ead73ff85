"""JSON Schemas of one operation as a source of contracts: what a model server takes at one path, and what it answers.

Drafts 4, 6, 7, 2019-09 and 2020-12 are read, told by `$schema`; without it, the newest.
"""

from shared.contracts.contract import Contract, Operation, Representation, Request, json_response
from shared.contracts.dialect import Direction, Documents, Node, Wanted, translate
from shared.contracts.examples import example
from shared.contracts.files import ContractFiles, ContractReference, SchemaFiles, read_document
from shared.contracts.json_schema.checking import check_schemas
from shared.contracts.json_schema.drafts import dialect_of
from shared.contracts.json_values import mapping
from shared.contracts.media_types import JSON
from shared.documents import DocumentError

__all__ = ["compile_contract"]

_DESCRIPTION = """Returns the model's answer.

The request is checked against its schema before the model is asked."""


def compile_contract(reference: ContractReference, files: ContractFiles) -> Contract:
    """Return the contract of one operation. Raises DocumentError with everything that is wrong with its files."""
    if not isinstance(reference, SchemaFiles):
        form = f"contract: {{request: {reference}, response: contracts/v1.response.json, path: /score}}"
        raise DocumentError(
            [f"{files.source(reference)}: the kind json-schema takes two files and a path. Write `{form}`."]
        )
    try:
        return _compiled(reference, files)
    except RecursionError as error:
        problem = (
            "has more schemas inside of each other than can be read, or so has the response's. Flatten it."
        )
        raise DocumentError([f"{files.source(reference.request)}: {problem}"]) from error


def _compiled(reference: SchemaFiles, files: ContractFiles) -> Contract:
    documents = Documents(lambda path: read_document(path, files), files.source(reference.request))
    request, response = _roots(reference, files, documents)
    check_schemas(documents, (request, response))
    wanted = (
        Wanted("Request", request, Direction.REQUEST),
        Wanted("Response", response, Direction.RESPONSE),
    )
    translation = translate(wanted, documents)
    schemas = Contract((), translation.schemas)
    sent, answered = translation.names
    operation = Operation(
        name="predict",
        method="POST",
        url_template="/predict",
        backend_path=reference.path,
        summary="Predict",
        description=_DESCRIPTION,
        request=Request(_told(request, "The inputs."), (Representation(JSON, sent, example(sent, schemas)),)),
        responses=(
            json_response(200, _told(response, "The predictions."), answered, example(answered, schemas)),
        ),
    )
    return Contract((operation,), translation.schemas, translation.gaps)


def _roots(reference: SchemaFiles, files: ContractFiles, documents: Documents) -> tuple[Node, Node]:
    """Return the two schemas. Raises DocumentError with what is wrong with both."""
    roots: list[Node] = []
    problems: list[str] = []
    for path in (reference.request, reference.response):
        try:
            contents = read_document(path, files)
            roots.append(documents.root(path, contents, dialect_of(contents, files.source(path))))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(dict.fromkeys(problems))
    return roots[0], roots[1]


def _told(root: Node, otherwise: str) -> str:
    """Return what a schema says of itself."""
    description = mapping(root.contents).get("description")
    return description if isinstance(description, str) else otherwise
