"""Loads metadata.json into its typed shape."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

from local_azure.metadata.model import Kind, Limits, Metadata, PathParameter, Property, ResourceType, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("metadata.json")
_CONTAINERS: dict[str, Kind] = {"[": "list", "{": "map", "<": "set"}

_Fields = dict[str, str | int | bool | list[str]]


class _Resource(TypedDict, total=False):
    """One resource type as the file holds it: see generate/join.py."""

    armType: str
    apiVersion: str
    url: str
    path: dict[str, _Fields]
    query: dict[str, str]
    inputs: dict[str, _Fields]
    outputs: dict[str, _Fields]
    autoName: str
    createOnly: list[str]
    maintained: list[str]


class _File(TypedDict):
    """The whole file."""

    sdkVersion: str
    resources: dict[str, _Resource]
    types: dict[str, dict[str, _Fields]]
    enums: dict[str, list[str]]


@functools.cache
def load() -> Metadata:
    """Return the metadata; the file is read once per process."""
    file = cast("_File", json.loads(_FILE.read_text(encoding="utf-8")))
    return Metadata(
        sdk_version=file["sdkVersion"],
        resources={token: _resource(token, item) for token, item in file["resources"].items()},
        types={name: _properties(item) for name, item in file["types"].items()},
        enums={name: frozenset(values) for name, values in file["enums"].items()},
    )


def _resource(token: str, item: _Resource) -> ResourceType:
    return ResourceType(
        token=token,
        arm_type=item["armType"],
        api_version=item["apiVersion"],
        url=item["url"],
        path=tuple(
            PathParameter(name, _limits(item["path"][name]))
            for name in re.findall(r"\{(\w+)\}", item["url"])
            if name in item["path"]
        ),
        query={name: parse_type(kind) for name, kind in item.get("query", {}).items()},
        inputs=_properties(item["inputs"]),
        outputs=_properties(item["outputs"]),
        auto_name=cast("None", item.get("autoName")),
        create_only=frozenset(item.get("createOnly", ())),
        maintained=tuple(tuple(path.split(".")) for path in item.get("maintained", ())),
    )


def _properties(items: Mapping[str, _Fields]) -> dict[str, Property]:
    return {name: _property(name, fields) for name, fields in items.items()}


def _property(name: str, fields: _Fields) -> Property:
    return Property(
        name=name,
        path=tuple(cast("list[str]", fields.get("at", [name]))),
        type=parse_type(cast("str", fields["type"])),
        required=bool(fields.get("required")),
        read_only=bool(fields.get("readOnly")),
        limits=_limits(fields),
    )


_NO_LIMITS = Limits()
_LIMIT_FIELDS = {
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minimum": "minimum",
    "maximum": "maximum",
    "minItems": "min_items",
    "maxItems": "max_items",
}


def _limits(fields: _Fields) -> Limits:
    values = {_LIMIT_FIELDS[name]: value for name, value in fields.items() if name in _LIMIT_FIELDS}
    return Limits(**cast("dict[str, None]", values)) if values else _NO_LIMITS


@functools.cache
def parse_type(expression: str) -> Type:
    """Return the type that an expression means.

    It is a primitive, `#module:Name` (object), `=module:Name` (enum), `~module:Name` (extensible enum), `[T]`, `{T}` or
    `<string>`.
    """
    if expression[0] in _CONTAINERS:
        return Type(_CONTAINERS[expression[0]], element=parse_type(expression[1:-1]))
    if expression.startswith("#"):
        return Type("object", name=expression[1:])
    if expression[0] in "=~":
        return Type("string", name=expression[1:], is_extensible=expression[0] == "~")
    return Type(cast("Kind", expression))
