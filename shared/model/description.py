"""What a team writes about its model: `models/<name>/model.yaml`."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    JsonValue,
    StrictInt,
    Tag,
    WithJsonSchema,
    model_validator,
)

from shared import environments
from shared.api_tags import ApiTags
from shared.azure.limits import LONGEST_IDENTIFIER, MOST_POOL_MEMBERS
from shared.azure.policy_statements import RATE_LIMIT_MAX_RENEWAL_PERIOD, VALIDATE_CONTENT_MAX_SIZE
from shared.bounded_files import LONGEST_DOCUMENT
from shared.contracts.files import ContractReference, SchemaFiles
from shared.contracts.sources import ContractKind
from shared.documents import Document, DocumentError, nearest, parse, parse_yaml, shown
from shared.environments import REPOSITORY, Transport
from shared.merge_patch import merge_patch
from shared.model.access import Access
from shared.model.backend_ids import POOL
from shared.model.endpoints import TRANSPORT, Endpoint
from shared.model.folder import DESCRIPTION, ModelFolder
from shared.model.lifecycle import ACTIVE, Lifecycle, LifecycleStage, Stage
from shared.model.versioning import BY_SEGMENT, Versioning

_LONGEST_DEPLOYMENT = 20
_LONGEST_NAME = LONGEST_IDENTIFIER - len("-v9999-") - _LONGEST_DEPLOYMENT
"""Characters of a model's name: with a version and a deployment it becomes the identifier of a backend."""
_NAME = re.compile(rf"[a-z][a-z0-9-]{{0,{_LONGEST_NAME - 2}}}[a-z0-9]")
_VERSION = re.compile(r"v[1-9][0-9]{0,3}")
_DEPLOYMENT = re.compile(rf"[a-z](?:[a-z0-9-]{{0,{_LONGEST_DEPLOYMENT - 2}}}[a-z0-9])?")
_ALL = 100
_ONLY_DEPLOYMENT = "main"
_SHOWN = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$"
"""Text without control characters but tabs and line ends: Azure refuses some, terminals and pages obey others."""
_FILE = r"^([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$"


def _version_name(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise ValueError("a version is named v and a whole number from 1, such as v1. Rename it.")
    return value


def _deployment_name(value: str) -> str:
    if not _DEPLOYMENT.fullmatch(value):
        allowed = (
            f"1 to {_LONGEST_DEPLOYMENT} lower-case letters, digits and hyphens, beginning with a letter"
        )
        raise ValueError(f"a deployment is named with {allowed}. Rename it.")
    if value == POOL:
        raise ValueError(f'"{POOL}" is how the pool of all deployments is called. Rename the deployment.')
    return value


VersionName = Annotated[
    str, AfterValidator(_version_name), WithJsonSchema({"type": "string", "pattern": f"^{_VERSION.pattern}$"})
]
"""The name of a version: v1, v2."""

DeploymentName = Annotated[
    str,
    AfterValidator(_deployment_name),
    WithJsonSchema({"type": "string", "pattern": f"^{_DEPLOYMENT.pattern}$"}),
]
"""The name of one of a version's model servers."""

ContractFile = Annotated[str, Field(pattern=_FILE)]
"""The path of a file below the model's folder."""


class Deployment(Document):
    """One model server that answers calls of a version."""

    endpoint: Endpoint = Field(description="the URL of the model server in this environment")
    weight: StrictInt = Field(
        default=_ALL,
        ge=0,
        le=_ALL,
        description="a whole number from 0 to 100: its share of the version's calls in percent",
    )


class SchemaPair(Document):
    """The JSON Schemas of one operation."""

    request: ContractFile = Field(
        description="the path of a JSON Schema below the model's folder: that of a request's body"
    )
    response: ContractFile = Field(
        description="the path of a JSON Schema below the model's folder: that of an answer's body"
    )
    path: str = Field(
        default="/predict",
        pattern=r"^(/[A-Za-z0-9._~-]+)+$",
        description="the path on the model server that answers, such as /score",
    )


def _branch(value: object) -> str:
    return "schemas" if isinstance(value, Mapping | SchemaPair) else "file"


FileOrSchemas = Annotated[
    Annotated[ContractFile, Tag("file")] | Annotated[SchemaPair, Tag("schemas")], Discriminator(_branch)
]
"""One file, or the two of one operation: what was written tells which was meant."""


def reference_of(contract: str | SchemaPair) -> ContractReference:
    """Return what the compilers of contracts take."""
    if isinstance(contract, SchemaPair):
        return SchemaFiles(contract.request, contract.response, contract.path)
    return contract


class LargerBodies(StrEnum):
    """What happens to a request that is larger than API Management validates."""

    REFUSE = "refuse"
    """It is answered 400."""
    PASS_UNVALIDATED = "pass-unvalidated"  # noqa: S105 - no password
    """It goes to the model server as it is."""


class Version(Document):
    """One version of the model's API. A change that breaks consumers needs a new one."""

    contract: FileOrSchemas = Field(
        description="the path of a file below the model's folder, such as contracts/v1.json, "
        "or for json-schema a map with request, response and path",
    )
    kind: ContractKind | None = Field(
        default=None, description=f"one of {', '.join(ContractKind)}, where it is not the model's kind"
    )
    deployments: dict[DeploymentName, Deployment] = Field(
        default={},
        max_length=MOST_POOL_MEMBERS,
        description=f"a map of 1 to {MOST_POOL_MEMBERS} names, such as main, each with endpoint and weight",
    )
    example: JsonValue = Field(default=None, description="a request for a prediction that fits the contract")
    larger_bodies: LargerBodies = Field(
        default=LargerBodies.REFUSE,
        description=f"one of {', '.join(LargerBodies)}: what happens to a request of more than "
        f"{VALIDATE_CONTENT_MAX_SIZE} bytes",
    )
    lifecycle: Lifecycle | None = Field(
        default=None,
        description="active, retired, or a map with stage, since, sunset and successor",
    )

    @model_validator(mode="after")
    def _weights_are_whole(self) -> Self:
        total = sum(deployment.weight for deployment in self.deployments.values())
        if self.deployments and total != _ALL:
            weights = ", ".join(f"{name} {each.weight}" for name, each in self.deployments.items())
            raise ValueError(f"the weights of its deployments ({weights}) sum to {total}. Make it {_ALL}.")
        return self

    @property
    def reference(self) -> ContractReference:
        """Return what the compilers of contracts take."""
        return reference_of(self.contract)


class Limits(Document):
    """The calls that one subscription may make, whatever its product allows beyond."""

    calls: StrictInt = Field(ge=1, description="a whole number of calls from 1")
    renewal_period: StrictInt = Field(
        ge=1,
        le=RATE_LIMIT_MAX_RENEWAL_PERIOD,
        description=f"a whole number of seconds from 1 to {RATE_LIMIT_MAX_RENEWAL_PERIOD}",
    )


class ModelDescription(Document):
    """A model as it is in one environment."""

    owner: str = Field(
        pattern=r"^\S+@\S+\.\S+$",
        max_length=254,
        description="the e-mail address of the team that owns the model",
    )
    summary: str = Field(
        min_length=1,
        max_length=1000,
        pattern=_SHOWN,
        description="what the model tells, in 1 to 1000 characters that are seen",
    )
    team: str | None = Field(
        default=None,
        pattern=r"^@[A-Za-z0-9-]+/[A-Za-z0-9._-]+$",
        description="the GitHub team that reviews changes of the folder, such as @contoso/plant-science",
    )
    kind: ContractKind = Field(description=f"one of {', '.join(ContractKind)}")
    versioning: Versioning = Field(
        default=BY_SEGMENT, description="segment, or a map with the name of a header or a query parameter"
    )
    versions: dict[VersionName, Version] = Field(
        min_length=1, description="a map from version (v1, v2) to contract and deployments"
    )
    access: Access = Field(description="a map with products, key and entra")
    limits: Limits = Field(description="a map with calls and renewal-period")
    tags: ApiTags = Field(default=(), description="a list of tags of the platform, such as [tabular]")
    lifecycle: Lifecycle = Field(
        default=ACTIVE,
        description="active, retired, or a map with stage, since, sunset and successor",
    )

    @model_validator(mode="after")
    def _versions_that_serve_are_deployed(self) -> Self:
        problems = [
            f"`versions.{name}.deployments` is missing. Add it: a map from a name, such as main, to the endpoint of a "
            "model server in this environment."
            for name, version in self.versions.items()
            if not version.deployments and self.lifecycle_of(name).stage is not Stage.RETIRED
        ]
        if problems:
            raise DocumentError(problems)
        return self

    @model_validator(mode="after")
    def _successors_exist(self) -> Self:
        problems = [
            f'the successor of {name} is "{successor}", which is no other version of this model.'
            f"{self._instead_of(successor, name)}"
            for name in self.versions
            if (successor := self.lifecycle_of(name).successor) is not None
            and (successor not in self.versions or successor == name)
        ]
        if problems:
            raise DocumentError(problems)
        return self

    def _instead_of(self, successor: str, version: str) -> str:
        """Return what to do about a version that names a successor that cannot be one."""
        others = [other for other in self.versions if other != version]
        if not others:
            return " Add that version, or remove `successor`."
        return f"{nearest(successor, others)} Name one of: {', '.join(others)}."

    def lifecycle_of(self, version: str) -> LifecycleStage:
        """Return the stage of a version: its own, or else that of the model."""
        return self.versions[version].lifecycle or self.lifecycle

    def successor_of(self, version: str) -> str | None:
        """Return the version to use instead of one that ends: the one it names, or the newest active one."""
        named = self.lifecycle_of(version).successor
        active = [name for name in self.versions if self.lifecycle_of(name).stage is Stage.ACTIVE]
        newest = max(
            (name for name in active if name != version), key=lambda name: int(name[1:]), default=None
        )
        return named or newest

    def kind_of(self, version: str) -> ContractKind:
        """Return the kind of a version's contract: its own, or else that of the model."""
        return self.versions[version].kind or self.kind

    @property
    def serving(self) -> tuple[str, ...]:
        """Return the versions that are not retired."""
        return tuple(name for name in self.versions if self.lifecycle_of(name).stage is not Stage.RETIRED)

    def deployments_of(self, version: str) -> Mapping[str, Deployment]:
        """Return the model servers of a version by name; those of a retired one are called no more."""
        return self.versions[version].deployments if version in self.serving else {}


def names(root: Path = REPOSITORY) -> tuple[str, ...]:
    """Return the names of all models, alphabetically."""
    return tuple(sorted(path.parent.name for path in (root / "models").glob("*/model.yaml")))


def load(
    model: str, environment: str, *, endpoint: str | None = None, root: Path = REPOSITORY
) -> ModelDescription:
    """Return a model as it is in an environment; ``endpoint`` takes the place of that of every deployment.

    Raises DocumentError when there is no such model or environment, or when a file is wrong.
    """
    transport = environments.load(environment, root).transport
    source = source_of(model)
    chosen = resolved(read(model, root), environment, source, environments.names(root))
    if endpoint is not None:
        chosen = _with_endpoint(chosen, endpoint)
    return described(chosen, transport, f"{source} (environment {environment})")


def source_of(model: str) -> str:
    """Return how sentences call the file that describes a model."""
    return f"models/{model}/{DESCRIPTION}"


def read(model: str, root: Path = REPOSITORY) -> JsonValue:
    """Return what a model.yaml says, unchecked, with its patches.

    Raises DocumentError when there is no such model, or its file cannot be read.
    """
    _check_known(model, names(root))
    return parse_yaml(ModelFolder(root, model).read(DESCRIPTION, LONGEST_DOCUMENT), source_of(model))


def described(chosen: JsonValue, transport: Transport, source: str) -> ModelDescription:
    """Return the checked description of a model in one environment, from what `resolved` returns.

    Raises DocumentError with all that is wrong; ``source`` is how sentences call the file.
    """
    return parse(ModelDescription, chosen, source, context={TRANSPORT: transport})


def _check_known(model: str, known: tuple[str, ...]) -> None:
    if model not in known:
        raise DocumentError(
            [f'There is no model "{model}".{nearest(model, known)} Models are: {", ".join(known) or "none"}.']
        )
    check_name(model)


def check_name(model: str) -> None:
    """Raise DocumentError for a name that API Management would refuse in an identifier or path."""
    if not _NAME.fullmatch(model):
        allowed = f"2 to {_LONGEST_NAME} lower-case letters, digits and hyphens, beginning with a letter"
        raise DocumentError(
            [f"models/{model}: a model's folder is named with {allowed}. Choose such a name."]
        )


def resolved(document: JsonValue, environment: str, source: str, known: tuple[str, ...]) -> JsonValue:
    """Return the document with the patch of one environment applied, and without the patches.

    Raises DocumentError when the patches are not a map, or one is for none of the ``known`` environments.
    """
    if not isinstance(document, dict):
        return document
    patches = document.get("environments", {})
    if not isinstance(patches, dict):
        wanted = "a map from environment to what differs there"
        raise DocumentError([f"{source}: `environments` is {shown(patches)}; it must be {wanted}."])
    every = f" Known: {', '.join(known)}."
    strangers = [name for name in patches if name not in known]
    if strangers:
        raise DocumentError(
            f"{source}: `environments.{name}` is not known.{nearest(name, known) or every}"
            for name in strangers
        )
    common = {key: value for key, value in document.items() if key != "environments"}
    return merge_patch(common, patches.get(environment, {}))


def _with_endpoint(document: JsonValue, endpoint: str) -> JsonValue:
    """Return the document with another endpoint for every deployment; wrong types are left to the check."""
    versions = document.get("versions") if isinstance(document, dict) else None
    if not isinstance(versions, dict):
        return document
    changed: dict[str, JsonValue] = {
        name: {"deployments": {key: {"endpoint": endpoint} for key in _deployments(version)}}
        for name, version in versions.items()
    }
    return merge_patch(document, {"versions": changed})


def _deployments(version: JsonValue) -> list[str]:
    deployments = version.get("deployments") if isinstance(version, dict) else None
    return list(deployments) if isinstance(deployments, dict) and deployments else [_ONLY_DEPLOYMENT]
