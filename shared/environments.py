"""The environments, in their order of promotion, and the stack files that follow from them.

`environments/<name>.yaml` says where an environment is: its place in the order, where its state is kept and
encrypted, its Azure subscription, and who runs and approves its deployments.
"""

from enum import StrEnum
from itertools import pairwise
from os.path import normpath
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import parse_qs, urlsplit

import yaml
from pydantic import (
    Field,
    JsonValue,
    StrictBool,
    StrictInt,
    StringConstraints,
    field_validator,
    model_validator,
)

from shared.documents import Document, DocumentError, nearest, parse, read_yaml, shown

REPOSITORY = Path(__file__).resolve().parent.parent
"""The root of this repository: stack programs run from their own folders."""

LOCAL = "local"
"""The environment of a laptop: its trees are deployed as they are, committed or not."""

Guid = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$", to_lower=True)
]
"""A GUID in its usual form, in lower case."""


class Transport(StrEnum):
    """How consumers may call the gateway and the gateway may call a model."""

    HTTPS = "https"
    LOOPBACK = "loopback"
    """Plain http as well, because nothing leaves the machine."""


class AzurePlace(Document):
    """Where in Azure an environment is."""

    location: str = Field(
        description="an Azure region in its short form, such as westeurope", pattern=r"^[a-z0-9]+$"
    )
    subscription_id: Guid = Field(description="the GUID of an Azure subscription")
    tenant_id: Guid = Field(description="the GUID of the Microsoft Entra tenant of that subscription")


class Environment(Document):
    """One environment, as `environments/<name>.yaml` describes it."""

    order: StrictInt = Field(ge=0, description="a whole number from 0: the place in the order of promotion")
    summary: str = Field(min_length=1, description="one sentence that says what the environment is for")
    backend: str = Field(
        pattern=r"^(file|azblob)://",
        description="a Pulumi backend: azblob://<container>?storage_account=<account>, or file://<folder>",
    )
    secretsprovider: str = Field(
        pattern=r"^(passphrase|azurekeyvault://.+)$",
        description="passphrase, or azurekeyvault://<vault>.vault.azure.net/keys/<key>",
    )
    encryptedkey: str | None = Field(
        default=None, description="what the bootstrap of the secrets provider printed"
    )
    encryptionsalt: str | None = Field(default=None, description="the salt of the passphrase, v1:...")
    azure: AzurePlace = Field(
        description="the place of the environment: location, subscription-id, tenant-id"
    )
    transport: Transport = Field(default=Transport.HTTPS, description="https, or loopback on a laptop")
    runner: tuple[str, ...] = Field(min_length=1, description="a list of labels of the runner that deploys")
    parallel: StrictInt = Field(
        default=4, ge=1, le=32, description="how many stacks are updated at once, a whole number from 1 to 32"
    )
    approval: StrictBool = Field(description="true when a person must approve each deployment, else false")

    @field_validator("backend")
    @classmethod
    def _names_a_storage_account(cls, value: str) -> str:
        if value.startswith("azblob://") and "storage_account=" not in value:
            raise ValueError(
                "an azblob backend must name its account: azblob://<container>?storage_account=<account>."
            )
        return value

    @model_validator(mode="after")
    def _has_what_its_secrets_provider_needs(self) -> Self:
        if self.secretsprovider == "passphrase" and self.encryptionsalt is None:
            raise ValueError("secretsprovider passphrase needs the key `encryptionsalt`. Add it.")
        if self.secretsprovider != "passphrase" and self.encryptionsalt is not None:
            raise ValueError("`encryptionsalt` belongs to the secretsprovider passphrase alone. Remove it.")
        return self

    def backend_url(self, root: Path = REPOSITORY) -> str:
        """Return the backend with a relative ``file://`` folder made absolute below ``root``."""
        scheme, _, rest = self.backend.partition("://")
        return f"file://{(root / rest).as_posix()}" if scheme == "file" else self.backend


def names(root: Path = REPOSITORY) -> tuple[str, ...]:
    """Return the environments' names, alphabetically, without reading their files."""
    return tuple(sorted(path.stem for path in (root / "environments").glob("*.yaml")))


def load(name: str, root: Path = REPOSITORY) -> Environment:
    """Return the environment of that name.

    Raises DocumentError when there is none of that name, or when its file is wrong.
    """
    known = names(root)
    if name not in known:
        raise DocumentError(
            [f'There is no environment "{name}".{nearest(name, known)} Environments are: {", ".join(known)}.']
        )
    source = f"environments/{name}.yaml"
    return parse(Environment, read_yaml(root / source, source), source)


def load_all(root: Path = REPOSITORY) -> dict[str, Environment]:
    """Return every environment by name, in the order of promotion.

    Raises DocumentError when a file is wrong, or two environments claim the same place or the same state.
    """
    found = sorted(((name, load(name, root)) for name in names(root)), key=lambda item: item[1].order)
    for (first, one), (second, other) in pairwise(found):
        if one.order == other.order:
            claim = f"`order` is {other.order}, as in environments/{first}.yaml"
            raise DocumentError([f"environments/{second}.yaml: {claim}. Change one."])
    _check_backends(found, root)
    return dict(found)


def _check_backends(found: list[tuple[str, Environment]], root: Path) -> None:
    """Raise DocumentError when two environments keep their state in one place: each would undo the other's."""
    seen: dict[tuple[str, ...], str] = {}
    for name, environment in found:
        place = _place(environment.backend_url(root))
        if place in seen:
            claim = (
                f"`backend` is {shown(environment.backend)}, the place of environments/{seen[place]}.yaml too"
            )
            raise DocumentError(
                [
                    f"environments/{name}.yaml: {claim}. Give each environment a container or folder of its own."
                ]
            )
        seen[place] = name


def _place(url: str) -> tuple[str, ...]:
    """Return where a backend's URL leads, however it is spelt."""
    parts = urlsplit(url)
    folder = normpath(f"/{parts.path.strip('/')}")
    return (parts.scheme, parts.netloc, folder, *parse_qs(parts.query).get("storage_account", ()))


def render_model_stack(environment: Environment, *, endpoint: str | None = None) -> str:
    """Return the text of `stacks/model/Pulumi.<model>.<environment>.yaml`.

    A model stack's settings are its environment's: the file is written before use and never committed.
    ``endpoint`` takes the place of the endpoint that model.yaml names, for a model server whose port is
    chosen when it starts.
    """
    config: dict[str, JsonValue] = {
        "azure-native:location": environment.azure.location,
        "azure-native:subscriptionId": environment.azure.subscription_id,
        "azure-native:tenantId": environment.azure.tenant_id,
    }
    if endpoint is not None:
        config["model:endpoint"] = endpoint
    document = {**_encryption(environment), "config": config}
    return "# Rendered from environments/ for this model and environment. Not committed.\n" + yaml.safe_dump(
        document, sort_keys=False
    )


def _encryption(environment: Environment) -> dict[str, JsonValue]:
    """Return the keys that say how a stack's secrets are encrypted; Pulumi writes no `passphrase`."""
    provider = environment.secretsprovider if environment.secretsprovider != "passphrase" else None
    keys = {
        "secretsprovider": provider,
        "encryptedkey": environment.encryptedkey,
        "encryptionsalt": environment.encryptionsalt,
    }
    return {key: value for key, value in keys.items() if value is not None}
