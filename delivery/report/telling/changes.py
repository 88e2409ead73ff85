"""From one resource that changes to what is told of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from delivery.records import Action, ResourceChange, StackRecord
from delivery.report.hidden import Safe
from delivery.report.telling.apis import (
    api_changes,
    link_changes,
    subscription_changes,
    tag_changes,
    tag_link_changes,
    version_set_changes,
)
from delivery.report.telling.backends import backend_changes
from delivery.report.telling.operations import operation_changes
from delivery.report.telling.platform import (
    diagnostic_changes,
    named_value_changes,
    product_changes,
    service_changes,
)
from delivery.report.telling.policies import policy_changes
from delivery.report.telling.properties import changed_properties
from delivery.report.telling.schemas import schema_changes
from delivery.report.told import Told, Topic
from delivery.report.values import Properties, text_of
from delivery.report.words import Quoted, Words, listed, say

Teller: TypeAlias = Callable[[Properties | None, Properties | None, Words], Iterable[Told]]

_TELLERS: Mapping[str, Teller] = {
    "Api": api_changes,
    "ApiDiagnostic": diagnostic_changes,
    "ApiManagementService": service_changes,
    "ApiOperation": operation_changes,
    "ApiOperationPolicy": policy_changes,
    "ApiPolicy": policy_changes,
    "ApiSchema": schema_changes,
    "ApiVersionSet": version_set_changes,
    "Backend": backend_changes,
    "Diagnostic": diagnostic_changes,
    "NamedValue": named_value_changes,
    "Policy": policy_changes,
    "PolicyFragment": policy_changes,
    "Product": product_changes,
    "ProductApiLink": link_changes,
    "ProductPolicy": policy_changes,
    "Subscription": subscription_changes,
    "Tag": tag_changes,
    "TagApiLink": tag_link_changes,
}
_API_MANAGEMENT = "azure-native:apimanagement:"
_VERSION = re.compile(r"v[1-9][0-9]{0,3}(?![A-Za-z0-9])")
_PARTS_OF_AN_API = frozenset(
    {
        "ApiDiagnostic",
        "ApiOperation",
        "ApiOperationPolicy",
        "ApiPolicy",
        "ApiSchema",
        "Backend",
        "ProductApiLink",
        "TagApiLink",
    }
)
_PARTS_OF_A_PRODUCT = frozenset({"ProductGroupLink", "ProductPolicy"})
Whole: TypeAlias = tuple[str, str, str]
"""Something that has parts: its type, and how it is found among those: version and operation, or product."""


def kind_of(change: ResourceChange) -> str:
    """Return the last part of the type: `ApiPolicy`."""
    return change.type.rpartition(":")[2]


def version_of(stack: StackRecord, change: ResourceChange) -> str:
    """Return the version that a resource of a model belongs to; empty for what belongs to all."""
    if stack.model is None:
        return ""
    sides = [side for side in (change.after, change.before) if side]
    named = [
        text_of(side, key).rpartition("/")[2] for side in sides for key in ("apiId", "backendId", "apiLinkId")
    ]
    for name in (*named, change.name):
        rest = name.removeprefix(f"{stack.model}-")
        found = _VERSION.match(rest) if rest != name else None
        if found:
            return found[0]
    return ""


def whole_of(stack: StackRecord, change: ResourceChange) -> Whole | None:
    """Return what a resource is, if others are parts of it."""
    side = change.after or change.before or {}
    match kind_of(change):
        case "Api":
            return "Api", version_of(stack, change), ""
        case "ApiOperation":
            return "ApiOperation", version_of(stack, change), operation_of(stack, change)
        case "Product":
            return "Product", text_of(side, "productId"), ""
    return None


def _parts_of(stack: StackRecord, change: ResourceChange) -> Iterator[Whole]:
    """Yield what a resource is a part of."""
    kind = kind_of(change)
    if kind in _PARTS_OF_AN_API:
        yield "Api", version_of(stack, change), ""
    if kind == "ApiOperationPolicy":
        yield "ApiOperation", version_of(stack, change), operation_of(stack, change)
    if kind in _PARTS_OF_A_PRODUCT:
        yield "Product", text_of(change.after or change.before or {}, "productId"), ""


def gone_with_another(stack: StackRecord) -> Mapping[str, Whole]:
    """Return, by URN, the resources that are deleted because what they are a part of is, and what that is."""
    deleted = [
        change
        for change in stack.changes
        if change.action is Action.DELETE and change.type.startswith(_API_MANAGEMENT)
    ]
    wholes = {whole_of(stack, change) for change in deleted}
    return {
        change.urn: next(whole for whole in _parts_of(stack, change) if whole in wholes)
        for change in deleted
        if wholes.intersection(_parts_of(stack, change))
    }


def tell(stack: StackRecord, safe: Safe, *, is_told: bool = False) -> tuple[Told, ...]:
    """Return what one change means; never nothing for an update, unless something else `is_told` of it already."""
    change = safe.change
    where = _where(stack, change)
    if change.type.startswith(_API_MANAGEMENT) and (teller := _TELLERS.get(kind_of(change))):
        told = tuple(teller(change.before, change.after, where))
    else:
        told = tuple(_others(change, where))
    if safe.secrets_differ:
        told = (*told, Told(Topic.OTHER, where, _label(change), say("a secret in it changes")))
    if not told and not is_told and change.action is Action.UPDATE:
        paths = listed(Quoted(path) for path in change.paths) or say("properties that are not shown")
        told = (Told(Topic.OTHER, where, _label(change), say("changed: ", paths)),)
    return told


def _where(stack: StackRecord, change: ResourceChange) -> Words:
    side = change.after or change.before or {}
    kind = kind_of(change)
    if kind in {"Product", "ProductPolicy"}:
        return say("product ", Quoted(text_of(side, "productId") or change.name.rpartition("-")[0]))
    if kind == "Policy" and change.type.startswith(_API_MANAGEMENT):
        return say("all APIs")
    if kind == "PolicyFragment":
        return say("policy fragment ", Quoted(text_of(side, "id") or change.name))
    version = version_of(stack, change)
    parts: list[Words] = [say(version)] if version else []
    if kind == "ApiOperationPolicy":
        parts.append(say("operation ", Quoted(operation_of(stack, change))))
    return say(
        *(part for place, words in enumerate(parts) for part in ((", ", words) if place else (words,)))
    )


def operation_of(stack: StackRecord, change: ResourceChange) -> str:
    """Return the name of an operation, or of that which a policy belongs to.

    Before it exists, only the resource's name tells it.
    """
    sides = [side for side in (change.after, change.before) if side]
    known = next((name for side in sides if (name := text_of(side, "operationId"))), "")
    return known or change.name.removeprefix(f"{stack.model}-{version_of(stack, change)}-").removesuffix(
        "-policy"
    )


def _label(change: ResourceChange) -> Words:
    return say(f"{kind_of(change)} ", Quoted(change.name))


def _others(change: ResourceChange, where: Words) -> Iterable[Told]:
    """Tell a resource that consumers never see."""
    about = _label(change)
    if change.before is None or change.after is None:
        yield Told(Topic.OTHER, where, about, say("added" if change.before is None else "removed"))
    else:
        yield from changed_properties(where, about, (change.before, change.after), {}, Topic.OTHER)
