"""What a team writes about its model: `models/<name>/model.yaml`."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, JsonValue, StrictInt

from shared import environments
from shared.azure.limits import LONGEST_IDENTIFIER
from shared.azure.policy_statements import RATE_LIMIT_MAX_RENEWAL_PERIOD
from shared.contracts.sources import ContractSource
from shared.documents import Document, DocumentError, nearest, parse, read_yaml, shown
from shared.environments import REPOSITORY, Transport
from shared.merge_patch import merge_patch
from shared.products import ProductId

_LONGEST_NAME = LONGEST_IDENTIFIER - len("-v9999")
"""Characters of a model's name: with a version it becomes the identifier of a backend."""
_NAME = re.compile(rf"[a-z][a-z0-9-]{{0,{_LONGEST_NAME - 2}}}[a-z0-9]")
_VERSION = re.compile(r"v[1-9][0-9]{0,3}")
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


def _version_name(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise ValueError("a version is named v and a whole number from 1, such as v1. Rename it.")
    return value


def _endpoint(value: str) -> str:
    if not _is_url(value):
        raise ValueError(
            "an endpoint is a URL such as https://iris-species.models.contoso.example. Correct it."
        )
    if "@" in urlsplit(value).netloc or "?" in value or "#" in value:
        raise ValueError(
            "an endpoint has no user, query or fragment: scheme, host, port and path alone. Correct it."
        )
    return value.rstrip("/")


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        right_port = parts.port != 0
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and right_port and value.split() == [value]
    )


def _no_repetition(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) != len(value):
        raise ValueError("it names a product more than once. Remove the repetition.")
    return value


Endpoint = Annotated[str, AfterValidator(_endpoint)]
"""Where a model server answers, without a slash at the end."""


class Version(Document):
    """One version of the model's API. A change that breaks consumers needs a new one."""

    contract: str = Field(
        pattern=r"^([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.json$",
        description="the path of a JSON file below the model's folder, such as contracts/v1.json",
    )
    contract_source: ContractSource = Field(
        default=ContractSource.OPEN_INFERENCE_PROTOCOL, description=f"one of {', '.join(ContractSource)}"
    )
    endpoint: Endpoint = Field(description="the URL of the model server in this environment")
    example: JsonValue = Field(default=None, description="a request for a prediction that fits the contract")


class Limits(Document):
    """The calls that one subscription may make, whatever its product allows beyond."""

    calls: StrictInt = Field(ge=1, description="a whole number of calls from 1")
    renewal_period: StrictInt = Field(
        ge=1,
        le=RATE_LIMIT_MAX_RENEWAL_PERIOD,
        description=f"a whole number of seconds from 1 to {RATE_LIMIT_MAX_RENEWAL_PERIOD}",
    )


class Lifecycle(StrEnum):
    """Where a model is between its first and its last day."""

    ACTIVE = "active"
    """It serves."""
    RETIRED = "retired"
    """Its end was announced: it serves on, and its folder may be removed once this was delivered."""


class ModelDescription(Document):
    """A model as it is in one environment."""

    owner: str = Field(
        pattern=r"^\S+@\S+\.\S+$",
        max_length=254,
        description="the e-mail address of the team that owns the model",
    )
    summary: str = Field(
        min_length=1, max_length=1000, description="what the model tells, in 1 to 1000 characters"
    )
    versions: dict[Annotated[str, AfterValidator(_version_name)], Version] = Field(
        min_length=1, description="a map from version (v1, v2) to contract and endpoint"
    )
    products: Annotated[tuple[ProductId, ...], AfterValidator(_no_repetition)] = Field(
        min_length=1, description="a list of products of the platform, such as [trial, standard]"
    )
    limits: Limits = Field(description="a map with calls and renewal-period")
    lifecycle: Lifecycle = Field(
        default=Lifecycle.ACTIVE, description="active, or retired before the model's folder is removed"
    )


def names(root: Path = REPOSITORY) -> tuple[str, ...]:
    """Return the names of all models, alphabetically."""
    return tuple(sorted(path.parent.name for path in (root / "models").glob("*/model.yaml")))


def load(
    model: str, environment: str, *, endpoint: str | None = None, root: Path = REPOSITORY
) -> ModelDescription:
    """Return a model as it is in an environment; ``endpoint`` takes the place of that of every version.

    Raises DocumentError when there is no such model or environment, or when a file is wrong.
    """
    _check_name(model, names(root))
    transport = environments.load(environment, root).transport
    source = f"models/{model}/model.yaml"
    document = read_yaml(root / source, source)
    chosen = resolved(document, environment, source, environments.names(root))
    if endpoint is not None:
        chosen = _with_endpoint(chosen, endpoint)
    described = f"{source} (environment {environment})"
    description = parse(ModelDescription, chosen, described)
    problems = list(_insecure(description, transport, described))
    if problems:
        raise DocumentError(problems)
    return description


def _check_name(model: str, known: tuple[str, ...]) -> None:
    if model not in known:
        raise DocumentError(
            [f'There is no model "{model}".{nearest(model, known)} Models are: {", ".join(known) or "none"}.']
        )
    if not _NAME.fullmatch(model):
        allowed = f"2 to {_LONGEST_NAME} lower-case letters, digits and hyphens, beginning with a letter"
        raise DocumentError([f"models/{model}: a model's folder is named with {allowed}. Rename the folder."])


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
    """Return the document with another endpoint for every version; wrong types are left to the check."""
    versions = document.get("versions") if isinstance(document, dict) else None
    if not isinstance(versions, dict):
        return document
    changed: dict[str, JsonValue] = {name: {"endpoint": endpoint} for name in versions}
    return merge_patch(document, {"versions": changed})


def _insecure(description: ModelDescription, transport: Transport, source: str) -> list[str]:
    wanted = "begin with https://"
    if transport is Transport.LOOPBACK:
        wanted += " or be on this machine"
    return [
        f"{source}: `versions.{name}.endpoint` is {shown(version.endpoint)}; it must {wanted}."
        for name, version in description.versions.items()
        if not _allowed(version.endpoint, transport)
    ]


def _allowed(endpoint: str, transport: Transport) -> bool:
    parts = urlsplit(endpoint)
    return parts.scheme == "https" or (transport is Transport.LOOPBACK and parts.hostname in _LOOPBACK_HOSTS)
