"""Typed settings from a stack's configuration (`Pulumi.<stack>.yaml`).

Everything that is wrong is told at once, before any resource is registered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import pulumi
from pulumi.runtime.config import CONFIG
from pydantic import BeforeValidator, ConfigDict, Field, JsonValue
from pydantic_core import PydanticCustomError

from shared.azure.tags import LONGEST_VALUE
from shared.documents import DocumentError, Section, nearest, parse
from shared.environments import Guid

PROVIDER = "azure-native"
"""The namespace of the settings that the Azure provider reads too."""

_PULUMIS_OWN = frozenset({"pulumi"})

Workload = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]{1,5}$",
        description="2 to 6 lower-case letters and digits, beginning with a letter, such as models",
    ),
]
"""What the resources are for; a part of every name, so short that a Key Vault of staging can have it."""


def _written_whole(value: object) -> object:
    if isinstance(value, bool | float):
        raise PydanticCustomError("whole", "should be a whole number")
    return value


def _written_as_flag(value: object) -> object:
    if not (isinstance(value, bool) or value in ("true", "false")):
        raise PydanticCustomError("flag", "should be true or false")
    return value


Whole = Annotated[int, BeforeValidator(_written_whole)]
"""A whole number, as a number or as the text that the engine makes of it."""

Flag = Annotated[bool, BeforeValidator(_written_as_flag)]
"""True or false, as such or as the text that the engine makes of it."""


class ProviderSettings(Section):
    """Where in Azure a stack deploys. The provider has more settings, so others are left to it."""

    model_config = ConfigDict(extra="ignore")

    location: str = Field(
        description="an Azure region in its short form, such as westeurope", pattern=r"^[a-z0-9]+$"
    )
    subscription_id: Guid = Field(description="the GUID of an Azure subscription")
    tenant_id: Guid = Field(description="the GUID of the Microsoft Entra tenant of that subscription")


class Ownership(Section):
    """Who answers and who pays: settings of each layer that has taggable resources."""

    workload: Workload
    owner: str = Field(
        description=f"the e-mail address of the team that owns the resources, at most {LONGEST_VALUE} characters",
        pattern=r"^\S+@\S+\.\S+$",
        max_length=LONGEST_VALUE,
    )
    cost_center: str = Field(
        description=f"the cost centre that pays, as text of 1 to {LONGEST_VALUE} characters",
        min_length=1,
        max_length=LONGEST_VALUE,
    )

    @property
    def as_tags(self) -> dict[str, str]:
        """Return the settings under the names of their tags."""
        return {"workload": self.workload, "owner": self.owner, "cost-center": self.cost_center}


S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class StackConfiguration(Generic[S]):
    """The whole configuration of one stack."""

    settings: S
    """The project's own settings."""
    provider: ProviderSettings
    """Where in Azure the stack deploys."""
    source: str
    """The file that holds the configuration, for sentences."""


def load(settings: type[S]) -> StackConfiguration[S]:
    """Return the configuration of the stack that the engine runs.

    Raises DocumentError with one sentence for each key that is missing, misspelt or ill-typed.
    """
    return read(settings, pulumi.get_project(), pulumi.get_stack(), CONFIG.get())


def read(
    settings: type[S], project: str, stack: str, configuration: Mapping[str, str]
) -> StackConfiguration[S]:
    """Return typed settings from configuration as the engine hands it over: `namespace:key` to text.

    Raises DocumentError with one sentence for each key that is missing, misspelt or ill-typed.
    """
    source = f"Pulumi.{stack}.yaml"
    problems = _unknown_namespaces(source, project, configuration)
    own = _section(settings, project, source, configuration, problems)
    provider = _section(ProviderSettings, PROVIDER, source, configuration, problems)
    if own is None or provider is None or problems:
        raise DocumentError(problems)
    return StackConfiguration(own, provider, source)


def _section(
    section: type[S], namespace: str, source: str, configuration: Mapping[str, str], problems: list[str]
) -> S | None:
    try:
        return parse(section, _values(namespace, configuration), source, prefix=f"{namespace}:")
    except DocumentError as error:
        problems.extend(error.problems)
        return None


def _values(namespace: str, configuration: Mapping[str, str]) -> dict[str, JsonValue]:
    values: dict[str, JsonValue] = {}
    for name, text in configuration.items():
        owner, _, key = name.partition(":")
        if owner == namespace:
            values[key] = _decoded(text)
    return values


def _decoded(text: str) -> JsonValue:
    """Return a list or map that the engine wrote as JSON; other values stay text, which the types convert."""
    if not text.startswith(("[", "{")):
        return text
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError:
        return text
    return value


def _unknown_namespaces(source: str, project: str, configuration: Mapping[str, str]) -> list[str]:
    owners = (project, PROVIDER)
    begin = f"Settings begin with `{project}:` or `{PROVIDER}:`."
    return [
        f"{source}: `{name}` belongs to nothing here.{nearest(name, _in_namespaces(name, owners))} {begin}"
        for name in configuration
        if name.partition(":")[0] not in (*owners, *_PULUMIS_OWN)
    ]


def _in_namespaces(name: str, namespaces: tuple[str, ...]) -> list[str]:
    """Return a key as it would be in each namespace."""
    return [f"{namespace}:{name.partition(':')[2]}" for namespace in namespaces]
