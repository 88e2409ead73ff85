"""oasdiff, the established catalogue of breaking changes of OpenAPI documents, as an oracle."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.contracts.contract import Contract, Operation, Representation
from shared.contracts.document import openapi_text
from tests.support.published import PUBLICATION
from tools import programs


class _Change(BaseModel):
    model_config = ConfigDict(extra="ignore")

    rule: str = Field(alias="id")
    path: str


_CHANGES = TypeAdapter(list[_Change])

Pairs = Mapping[str, tuple[Contract, Contract]]


def breaking(pairs: Pairs, folder: Path) -> Mapping[str, list[str]]:
    """Return by name of a pair which of oasdiff's checks find a breaking change in it: errors and warnings.

    All pairs are compared in one run, each below a path of its own. `folder` takes the documents.
    """
    program = programs.ensure("oasdiff", lambda line: sys.stderr.write(f"{line}\n"))
    files = []
    for side in (0, 1):
        file = folder / f"{side}.json"
        merged = _merged([pair[side] for pair in pairs.values()])
        file.write_text(openapi_text(merged, PUBLICATION), encoding="utf-8")
        files.append(str(file))
    command = [str(program), "breaking", "--flatten-allof", "--format", "json", *files]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = {name: [] for name in pairs}
    names = list(pairs)
    for change in _CHANGES.validate_json(done.stdout):
        found[names[int(change.path.split("/")[1])]].append(change.rule)
    return found


def _merged(contracts: list[Contract]) -> Contract:
    """Return one contract with the operations of all, those of the first below `/0`."""
    operations = [
        _placed(operation, place)
        for place, contract in enumerate(contracts)
        for operation in contract.operations
    ]
    schemas = {
        f"{place}-{name}": schema
        for place, contract in enumerate(contracts)
        for name, schema in contract.schemas.items()
    }
    return Contract(tuple(operations), schemas)


def _placed(operation: Operation, place: int) -> Operation:
    def bodies(found: tuple[Representation, ...]) -> tuple[Representation, ...]:
        return tuple(replace(body, schema=f"{place}-{body.schema}") for body in found)

    request = operation.request
    return replace(
        operation,
        name=f"{operation.name}-{place}",
        url_template=f"/{place}{operation.url_template}",
        request=request and replace(request, representations=bodies(request.representations)),
        responses=tuple(
            replace(each, representations=bodies(each.representations)) for each in operation.responses
        ),
    )
