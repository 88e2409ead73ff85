"""The contracts of a model, each compiled once, however many environments and versions name it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue, TypeAdapter, ValidationError

from shared.contracts.contract import Contract
from shared.contracts.sources import ContractKind, compile_contract
from shared.documents import DocumentError
from shared.model import contracts
from shared.model.description import FileOrSchemas, ModelDescription, SchemaPair, reference_of
from shared.model.folder import ModelFolder

_CONTRACT = TypeAdapter[str | SchemaPair](FileOrSchemas)
_KIND = TypeAdapter[ContractKind](ContractKind)


@dataclass
class CompiledContracts:
    """What the contracts of one model's folder were compiled to."""

    root: Path
    model: str
    _known: dict[str, Contract | DocumentError] = field(default_factory=dict)

    def of(self, description: ModelDescription, version: str) -> Contract:
        """Return the contract of a version, with its example. Raises DocumentError when one of them is wrong."""
        described = description.versions[version]
        key = json.dumps([description.kind_of(version), repr(described.reference), described.example])
        if key not in self._known:
            try:
                self._known[key] = contracts.load_version(self.model, description, version, self.root)
            except DocumentError as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, DocumentError):
            raise known
        return known

    def problems_despite(self, chosen: JsonValue) -> Iterator[str]:
        """Yield what is wrong with the contracts that a description names, where the description is wrong itself.

        A version whose contract or kind cannot be told is passed over: the description's own problems name it.
        """
        folder = ModelFolder(self.root, self.model)
        for kind, contract in _named(chosen):
            try:
                compile_contract(
                    _KIND.validate_python(kind), reference_of(_CONTRACT.validate_python(contract)), folder
                )
            except ValidationError:
                continue
            except DocumentError as error:
                yield from error.problems


def _named(chosen: JsonValue) -> Iterator[tuple[JsonValue, JsonValue]]:
    """Yield kind and contract of each version of a description that may be anything."""
    versions = chosen.get("versions") if isinstance(chosen, dict) else None
    for version in versions.values() if isinstance(versions, dict) else ():
        if isinstance(chosen, dict) and isinstance(version, dict):
            yield version.get("kind") or chosen.get("kind"), version.get("contract")
