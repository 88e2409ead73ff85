"""What consumers of a model rely on, of its description in one environment.

Read from what the description says, and not through the type that checks it: that of an earlier revision may be written
as it was then. Until versions had deployments, `products` stood at the top, and there was one kind of contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from shared.contracts.files import ContractReference, SchemaFiles
from shared.contracts.sources import ContractKind
from shared.model.description import LargerBodies
from shared.model.lifecycle import Stage

_PREDICT = "/predict"
"""The path of a pair of schemas that names none."""


@dataclass(frozen=True)
class VersionFacts:
    """What consumers of one version rely on."""

    kind: str
    reference: ContractReference | None
    """None where the description names no contract."""
    larger_bodies: str
    stage: str
    """Of its lifecycle."""

    @property
    def serves(self) -> bool:
        """Tell whether calls are answered by the model."""
        return self.stage != Stage.RETIRED


@dataclass(frozen=True)
class ModelFacts:
    """What consumers of a model rely on."""

    versioning: tuple[str, str] = ("segment", "")
    """How a request tells the version: the scheme, and the name of the header or query parameter."""
    needs_key: bool = True
    audiences: frozenset[str] | None = None
    """Of accepted tokens; None where no token is asked for."""
    applications: frozenset[str] = frozenset()
    """Those whose tokens are accepted."""
    products: frozenset[str] = frozenset()
    versions: Mapping[str, VersionFacts] = field(default_factory=dict)


def facts_of(description: JsonValue) -> ModelFacts:
    """Return the facts of a description as it is in one environment; what it does not say has its default."""
    described = _map(description)
    access = _map(described.get("access"))
    entra = access.get("entra")
    return ModelFacts(
        versioning=_versioning(described.get("versioning")),
        needs_key=access.get("key") is not False,
        audiences=_texts(_map(entra).get("audiences")) if isinstance(entra, dict) else None,
        applications=_texts(_map(entra).get("client-applications")),
        products=_texts(access.get("products", described.get("products"))),
        versions={
            name: _version(_map(version), described)
            for name, version in _map(described.get("versions")).items()
        },
    )


def _versioning(value: JsonValue) -> tuple[str, str]:
    named = [(scheme, name) for scheme, name in _map(value).items() if isinstance(name, str)]
    return named[0] if named else ("segment", "")


def _version(version: Mapping[str, JsonValue], model: Mapping[str, JsonValue]) -> VersionFacts:
    return VersionFacts(
        kind=_text(version.get("kind") or model.get("kind"), ContractKind.OPEN_INFERENCE_PROTOCOL),
        reference=_reference(version.get("contract")),
        larger_bodies=_text(version.get("larger-bodies"), LargerBodies.REFUSE),
        stage=_stage(version.get("lifecycle") or model.get("lifecycle")),
    )


def _reference(value: JsonValue) -> ContractReference | None:
    if isinstance(value, str):
        return value
    pair = _map(value)
    request, response = pair.get("request"), pair.get("response")
    if isinstance(request, str) and isinstance(response, str):
        return SchemaFiles(request, response, _text(pair.get("path"), _PREDICT))
    return None


def _stage(value: JsonValue) -> str:
    return _text(value.get("stage") if isinstance(value, dict) else value, Stage.ACTIVE)


def _map(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _text(value: JsonValue, default: str) -> str:
    return value if isinstance(value, str) else str(default)


def _texts(value: JsonValue) -> frozenset[str]:
    return (
        frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
    )
