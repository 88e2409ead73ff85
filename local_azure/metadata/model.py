"""The shape of the metadata: resource types, their properties, and where each stands in an ARM body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["string", "integer", "number", "boolean", "any", "object", "list", "map", "set"]
AutoName = Literal["random", "copy", "uuid"]


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a property.

    `list` and `map` (from string) have an `element`; `object` has the `name` of an entry of
    `Metadata.types`; `set` is a list of strings in the SDK and, on the wire, a map from each of them to an
    empty object. An enum is a `string` with the `name` of an entry of `Metadata.enums`; one that is extensible
    takes other values too.
    """

    kind: Kind
    element: Type | None = None
    name: str | None = None
    is_extensible: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service accepts: lengths in characters, bounds (inclusive), list sizes."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    min_items: int | None = None
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property by its SDK name; `path` are the JSON keys that lead to it from its owner in the ARM body."""

    name: str
    path: tuple[str, ...]
    type: Type
    required: bool = False
    read_only: bool = False
    """Whether only the service sets it, although the SDK lets a program write it."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class PathParameter:
    """A placeholder of the URL template; the SDK's input property has the same name."""

    name: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type.

    `url` is the template of its id, with `{subscriptionId}` and the `path` parameters (in the URL's order;
    the last is the resource's own name). `query` are inputs that travel in the query of a PUT. `inputs` are
    the writable properties of the body, `outputs` those of a response. `auto_name` says how azure-native
    names a resource whose last path parameter is not given: the logical name with a random suffix, the
    logical name itself, or a UUID; None when the name is required. A change of a path parameter, of
    `location` or of a `create_only` property replaces the resource. `maintained` are lists that an update
    must keep when the program does not set them: the SDK names that lead to each.
    """

    token: str
    arm_type: str
    api_version: str
    url: str
    path: tuple[PathParameter, ...]
    query: Mapping[str, Type]
    inputs: Mapping[str, Property]
    outputs: Mapping[str, Property]
    auto_name: AutoName | None
    create_only: frozenset[str]
    maintained: tuple[tuple[str, ...], ...]

    @property
    def path_names(self) -> tuple[str, ...]:
        """Return the names of the path parameters, the resource's own name last."""
        return tuple(parameter.name for parameter in self.path)


@dataclass(frozen=True, slots=True)
class Metadata:
    """All resource types by token, and the nested types by `module:Name`, each a mapping of its properties.

    The nested types that a program writes and those that a response holds (mostly `...Response`) are
    different entries. Enums are the values that are known, by `module:Name`.
    """

    sdk_version: str
    resources: Mapping[str, ResourceType]
    types: Mapping[str, Mapping[str, Property]]
    enums: Mapping[str, frozenset[str]]

    def by_arm_type(self, arm_type: str) -> ResourceType | None:
        """Return the resource type of an ARM type such as Microsoft.KeyVault/vaults, in any case."""
        wanted = arm_type.lower()
        return next((item for item in self.resources.values() if item.arm_type.lower() == wanted), None)

    def properties(self, kind: Type) -> Mapping[str, Property]:
        """Return the properties of a type of kind `object`."""
        if kind.name is None:
            raise ValueError(f"A value of kind {kind.kind} has no properties.")
        return self.types[kind.name]
