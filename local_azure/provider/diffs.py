"""What changes when inputs change: which properties, and whether the resource must be replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from local_azure.provider.checks import CREATE_BEFORE_DELETE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject

_LOCATION = "location"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed property: dotted path with [index] for elements of lists."""

    path: str
    kind: Literal["add", "update", "delete"]
    replace: bool

    @property
    def top(self) -> str:
        """The top-level property that the change is in."""
        return self.path.split(".")[0].split("[")[0]


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes of a resource; a replacement deletes the old one first unless its name was random."""

    changes: tuple[Change, ...]
    delete_before_replace: bool


def difference(resource: ResourceType, old: JsonObject, new: JsonObject, state: JsonObject) -> Difference:
    """Compare two sets of inputs; `state` are the outputs before the change."""
    changes = tuple(
        Change(path, kind, replace=_replaces(resource, path, new, state))
        for path, kind in _changes("", old, new)
    )
    replaced = any(change.replace for change in changes)
    return Difference(changes, delete_before_replace=replaced and old.get(CREATE_BEFORE_DELETE) is not True)


def _replaces(resource: ResourceType, path: str, new: JsonObject, state: JsonObject) -> bool:
    if path != _LOCATION and path not in resource.path_names and path not in resource.create_only:
        return False
    # A property that a program now spells out, with the value that the resource has anyway, replaces nothing.
    return path not in state or not _same(path, state[path], new.get(path))


def _changes(
    context: str, old: JsonObject, new: JsonObject
) -> Iterator[tuple[str, Literal["add", "update", "delete"]]]:
    for name in sorted({*old, *new}):
        path = f"{context}.{name}" if context else name
        if path == CREATE_BEFORE_DELETE:
            continue
        if name not in new:
            yield path, "delete"
        elif name not in old:
            yield path, "add"
        elif not _same(path, old[name], new[name]):
            yield from _value_changes(path, old[name], new[name])


def _value_changes(
    path: str, old: JsonValue, new: JsonValue
) -> Iterator[tuple[str, Literal["add", "update", "delete"]]]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _changes(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        for index, (before, after) in enumerate(zip(old, new, strict=False)):
            if before != after:
                yield from _value_changes(f"{path}[{index}]", before, after)
        for index in range(len(new), len(old)):
            yield f"{path}[{index}]", "delete"
        for index in range(len(old), len(new)):
            yield f"{path}[{index}]", "add"
    else:
        yield path, "update"


def _same(path: str, old: JsonValue, new: JsonValue) -> bool:
    if path == _LOCATION and isinstance(old, str) and isinstance(new, str):
        # Azure takes "West Europe" and "westeurope" for the same place.
        return old.replace(" ", "").lower() == new.replace(" ", "").lower()
    return old == new
