"""Whether API Management can hold a contract: lengths, sizes and names that it would refuse."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from shared.azure.limits import (
    LARGEST_SCHEMA,
    LONGEST_IDENTIFIER,
    LONGEST_OPERATION_DESCRIPTION,
    LONGEST_OPERATION_DISPLAY_NAME,
    LONGEST_URL_TEMPLATE,
    URL_PARAMETERS_PAGE,
)
from shared.contracts.contract import Contract, Operation, ParameterPlace
from shared.documents import DocumentError, shown
from shared.model.characters import strange_characters

_SHOWN = 60
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def check_limits(contract: Contract, source: str) -> None:
    """Raise DocumentError with everything that API Management would refuse; ``source`` names the contract's file."""
    problems = [
        *_twice(contract, source),
        *(problem for each in contract.operations for problem in _operation(each, source)),
        *_schemas(contract, source),
    ]
    if problems:
        raise DocumentError(problems)


def _operation(operation: Operation, source: str) -> Iterator[str]:
    lengths = (
        ("identifier", operation.name, LONGEST_IDENTIFIER),
        ("name for people", operation.summary, LONGEST_OPERATION_DISPLAY_NAME),
        ("description", operation.description, LONGEST_OPERATION_DESCRIPTION),
        ("path", operation.url_template, LONGEST_URL_TEMPLATE),
    )
    for what, text, longest in lengths:
        if len(text) > longest:
            yield (
                f"{source}: the {what} of the operation {_start(operation.name)} has {len(text)} characters "
                f"({_start(text)}); API Management takes {longest}. Shorten it."
            )
    for strange in strange_characters(operation):
        yield f"{source}: the operation {_start(operation.name)} {strange}"
    yield from _parameters(operation, source)


def _parameters(operation: Operation, source: str) -> Iterator[str]:
    """Yield what is wrong with the names of parameters: those of path and query share one room, whatever their case."""
    in_url = (ParameterPlace.PATH, ParameterPlace.QUERY)
    names = Counter(each.name.lower() for each in operation.parameters if each.place in in_url)
    for name, count in names.items():
        if count > 1:
            yield (
                f"{source}: the operation {_start(operation.name)} has {count} parameters named {shown(name)} in path "
                f"and query; API Management tells them apart by name alone ({URL_PARAMETERS_PAGE}). Rename one."
            )
    described = {each.name for each in operation.parameters if each.place is ParameterPlace.PATH}
    written = set(_PLACEHOLDER.findall(operation.url_template))
    for name in sorted(described - written):
        yield (
            f"{source}: the path {_start(operation.url_template)} of the operation {_start(operation.name)} lacks its "
            f"parameter {shown(name)}. Write it there between braces, or remove it."
        )


def _twice(contract: Contract, source: str) -> Iterator[str]:
    names = Counter(each.name.lower() for each in contract.operations)
    calls = Counter(
        (each.method.upper(), _PLACEHOLDER.sub("{}", each.url_template)) for each in contract.operations
    )
    for name, count in names.items():
        if count > 1:
            yield f"{source}: {count} operations are named {shown(name)}, whatever their case. Rename one."
    for (method, path), count in calls.items():
        if count > 1:
            yield f"{source}: {count} operations answer {method} {_start(path)}. API Management takes one. Remove one."


def _schemas(contract: Contract, source: str) -> Iterator[str]:
    size = len(json.dumps({"schemas": dict(contract.schemas)}, ensure_ascii=False).encode())
    if size > LARGEST_SCHEMA:
        yield (
            f"{source}: its schemas take {size} bytes; API Management validates with {LARGEST_SCHEMA} "
            "(learn.microsoft.com/azure/api-management/validate-content-policy). Simplify them, or split the API."
        )


def _start(text: str) -> str:
    """Return a text as sentences quote it, and of a long one its start."""
    return shown(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
