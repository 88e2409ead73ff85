"""Replaces and deletes: what forces them, and what is lost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from delivery.records import Action, ResourceChange
from delivery.report.stacks import Stack
from delivery.report.telling.apis import path_of
from delivery.report.telling.changes import gone_with_another, kind_of, whole_of
from delivery.report.telling.operations import call
from delivery.report.values import shown
from delivery.report.words import Quoted, Words, counted, listed, plain, say

_UNTIL = "until the new one exists"
_NO_POLICY = "its limits and checks do not run"

# By type: what is lost for ever when it is deleted, and when it is replaced; empty for nothing.
_LOSSES: Mapping[str, tuple[str, str]] = {
    "ApiManagementService": (
        "every API, product, subscription and key goes with it",
        "every API, product, subscription and key goes with the old one, and no model answers for up to an hour",
    ),
    "ApiOperationPolicy": (_NO_POLICY, f"{_NO_POLICY} {_UNTIL}"),
    "ApiPolicy": (_NO_POLICY, f"{_NO_POLICY} {_UNTIL}"),
    "ApiVersionSet": ("", f"no version can be called {_UNTIL}"),
    # API Management keeps a backend that a policy or a pool still names: deleted is what no call goes to any more.
    "Backend": ("", f"calls that are sent there fail {_UNTIL}"),
    "Component": ("its traces are lost", "the traces of the old one are lost"),
    "NamedValue": ("policies that name it fail", f"policies that name it fail {_UNTIL}"),
    "Policy": ("what it does for every call ends", f"what it does for every call ends {_UNTIL}"),
    "Product": (
        "its subscriptions go with it, and their keys stop working",
        "its subscriptions go with the old one, and their keys stop working",
    ),
    "ProductPolicy": (_NO_POLICY, f"{_NO_POLICY} {_UNTIL}"),
    "ResourceGroup": ("everything in it goes with it", "everything in it goes with the old one"),
    "Secret": ("its content is lost", "its content is lost"),
    "Subscription": ("its keys stop working", "its keys stop working: who uses them has to fetch new ones"),
    "UserAssignedIdentity": ("its rights end", f"its rights end {_UNTIL}"),
    "Vault": ("its secrets and keys go with it", "its secrets and keys go with the old one"),
    "Workspace": ("its logs are lost", "the logs of the old one are lost"),
}


@dataclass(frozen=True)
class Danger:
    """Something that is taken away, the same in some environments."""

    what: Words
    """`Replaces Api iris-v1-api of iris`."""
    why: Words
    """`, because path cannot change in place`; empty for a deletion."""
    loss: Words
    """What is lost, as a sentence without its full stop; empty when nothing is."""
    environments: tuple[str, ...]


_Found: TypeAlias = tuple[int, Words, Words, Words]
"""A danger without its environments, after its rank: whole stacks, then what loses something, then all others."""


def dangers_of(stacks: Iterable[Stack]) -> tuple[Danger, ...]:
    """Return replaces and deletes by what they are, each once for all environments; the worst comes first."""
    found: dict[_Found, dict[str, None]] = {}
    for stack in stacks:
        for key in _of(stack):
            found.setdefault(key, {})[stack.environment] = None
    ordered = sorted(found, key=lambda key: (key[0], plain(key[1])))
    return tuple(Danger(*key[1:], tuple(found[key])) for key in ordered)


def _of(stack: Stack) -> Iterator[_Found]:
    belongs = gone_with_another(stack.record)
    parts = Counter(belongs.values())
    name = Quoted(stack.record.model or stack.record.project)
    if stack.record.destroys:
        count = counted(stack.count(Action.DELETE), "resource")
        yield 0, say("Destroys the whole stack of ", name, f": {count}"), (), ()
    for safe in stack.changes:
        change = safe.change
        if change.action not in {Action.REPLACE, Action.DELETE} or change.urn in belongs:
            continue
        loss = _loss(change)
        if stack.record.destroys and not loss:
            continue  # said with the stack
        verb = "Replaces" if change.action is Action.REPLACE else "Deletes"
        whole = whole_of(stack.record, change)
        count = f", with {counted(parts[whole], 'resource')} of it" if whole and parts[whole] else ""
        yield (
            1 if loss else 2,
            say(f"{verb} {kind_of(change)} ", Quoted(change.name), " of ", name, count),
            _why(change),
            loss,
        )


def _why(change: ResourceChange) -> Words:
    if change.action is not Action.REPLACE:
        return ()
    if not change.forces:
        return say(", because something that it hangs on is replaced")
    return say(", because ", listed(Quoted(path) for path in change.forces), " cannot change in place")


def _loss(change: ResourceChange) -> Words:
    side = change.before or {}
    is_replaced = change.action is Action.REPLACE
    end = f" {_UNTIL}" if is_replaced else ""
    match kind_of(change):
        case "ProductApiLink":
            return say("Subscribers of ", shown(side.get("productId")), " cannot call the API", end)
        case "Api":
            return say("Calls to ", Quoted(path_of(side)), f" fail{end}")
        case "ApiOperation":
            return say("Calls to ", call(side), f" fail{end}")
        case kind:
            words = _LOSSES.get(kind, ("", ""))[is_replaced]
            return say(words[:1].upper() + words[1:])
