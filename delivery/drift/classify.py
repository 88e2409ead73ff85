"""What kind of drift a finding is, told from the properties that the stack's state set and those that Azure has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from delivery.records import Action, ResourceChange

# Property paths as the engine writes them: `a.b[0]["c.d"]`.
_STEP = re.compile(r'\[(?P<index>\d+)\]|\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|(?P<name>[^.\[\]]+)')
_ESCAPED = re.compile(r"\\(.)")


class Kind(StrEnum):
    """What happened to a resource, the worst first."""

    DELETED = "deleted"
    """Azure does not have it any more."""
    CHANGED = "changed by hand"
    """A property that the repository sets has another value, or none."""
    ADDED = "added"
    """Only properties have appeared that the repository does not set: defaults of the service, or somebody's."""


@dataclass(frozen=True)
class Difference:
    """One property that differs."""

    path: str
    before: JsonValue
    """What the state set; None where it set nothing."""
    after: JsonValue
    """What Azure has; None where it has nothing."""
    is_added: bool
    """Whether the state did not set it."""


@dataclass(frozen=True)
class Finding:
    """One resource that is not as the state says."""

    change: ResourceChange
    kind: Kind
    differences: tuple[Difference, ...] = ()
    """By path; none for one that is gone."""


def finding(change: ResourceChange) -> Finding:
    """Return the finding for a resource that a preview of a refresh tells of."""
    if change.action is Action.DELETE or change.before is None or change.after is None:
        return Finding(change, Kind.DELETED)
    differences = tuple(_differences(change.before, change.after, change.paths))
    only_added = bool(differences) and all(each.is_added for each in differences)
    return Finding(change, Kind.ADDED if only_added else Kind.CHANGED, differences)


def _differences(
    before: dict[str, JsonValue], after: dict[str, JsonValue], paths: tuple[str, ...]
) -> Iterator[Difference]:
    # An engine that names no properties leaves it to the reader to find them.
    named = paths or tuple(name for name in sorted({*before, *after}) if before.get(name) != after.get(name))
    for path in named:
        steps = _steps(path)
        was_set, old = _at(before, steps)
        _, new = _at(after, steps)
        # An element of a list that the state sets makes that list another one.
        in_own_list = isinstance(steps[-1], int) and _at(before, steps[:-1])[0]
        yield Difference(path, old, new, is_added=not was_set and not in_own_list)


def _steps(path: str) -> tuple[str | int, ...]:
    return tuple(_step(found) for found in _STEP.finditer(path)) or (path,)


def _step(found: re.Match[str]) -> str | int:
    if found["index"] is not None:
        return int(found["index"])
    return found["name"] if found["quoted"] is None else _ESCAPED.sub(r"\1", found["quoted"])


def _at(value: JsonValue, steps: tuple[str | int, ...]) -> tuple[bool, JsonValue]:
    """Return whether there is something at the end of the steps, and what."""
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return False, None
    return True, value
