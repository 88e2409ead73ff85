"""The contracts of a model's versions, with the gateway's own answers and the example that the team gave."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from shared.contracts.contract import Contract, Operation, Request
from shared.contracts.files import named_file
from shared.contracts.sources import compile_contract
from shared.contracts.validation import why_not
from shared.documents import DocumentError
from shared.environments import REPOSITORY
from shared.model.announcement import announcement
from shared.model.description import ModelDescription, source_of
from shared.model.folder import ModelFolder
from shared.model.lifecycle_responses import as_served
from shared.model.service_limits import check_limits


def load(model: str, description: ModelDescription, root: Path = REPOSITORY) -> Mapping[str, Contract]:
    """Return the contract of each version. Raises DocumentError with all that is wrong with files and examples."""
    loaded: dict[str, Contract] = {}
    problems: list[str] = []
    for name in description.versions:
        try:
            loaded[name] = load_version(model, description, name, root)
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(dict.fromkeys(problems))
    return loaded


def load_version(model: str, description: ModelDescription, name: str, root: Path = REPOSITORY) -> Contract:
    """Return the contract of one version. Raises DocumentError when a file or the example is wrong."""
    version = description.versions[name]
    folder = ModelFolder(root, model)
    compiled = compile_contract(description.kind_of(name), version.reference, folder)
    contract = as_served(compiled, announcement(model, description, name), description.access)
    check_limits(contract, folder.source(named_file(version.reference)))
    if version.example is None:
        return contract
    key = f"{source_of(model)}: `versions.{name}.example`"
    return _with_example(contract, version.example, key)


def _with_example(contract: Contract, example: JsonValue, key: str) -> Contract:
    """Return the contract with the example in the first operation that takes a body."""
    for operation in contract.operations:
        if operation.request is not None:
            changed = replace(operation, request=_request_with(operation.request, example, contract, key))
            return replace(contract, operations=_replaced(contract.operations, changed))
    raise DocumentError([f"{key} has no place: no operation of the contract takes a body. Remove it."])


def _request_with(request: Request, example: JsonValue, contract: Contract, key: str) -> Request:
    first, *others = request.representations
    problem = why_not(example, first.schema, contract)
    if problem is not None:
        raise DocumentError([f"{key} does not fit the contract: {problem}. Correct the example."])
    return replace(request, representations=(replace(first, example=example), *others))


def _replaced(operations: tuple[Operation, ...], changed: Operation) -> tuple[Operation, ...]:
    return tuple(changed if operation.name == changed.name else operation for operation in operations)
