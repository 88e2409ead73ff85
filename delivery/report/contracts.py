"""The contracts that change in a stack, each with what is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.kept import CONTRACT_TYPES, beside
from delivery.records import Action, ResourceChange, StackRecord
from delivery.report.stacks import Stack
from delivery.report.telling.changes import kind_of, version_of
from delivery.report.telling.contracts import contract_changes
from delivery.report.told import Told
from delivery.report.words import say


@dataclass(frozen=True)
class ChangedContract:
    """The contract of an API that stays, some of which changes."""

    urns: frozenset[str]
    """The resources that change."""
    told: tuple[Told, ...]


def contracts_of(stack: Stack) -> tuple[ChangedContract, ...]:
    """Return the contracts that change, by version; that of an API which comes or goes is told with it."""
    changes = [safe.change for safe in stack.changes]
    whole = {
        version_of(stack.record, change)
        for change in changes
        if kind_of(change) == "Api" and change.action in {Action.CREATE, Action.DELETE}
    }
    parts = [change for change in changes if change.type in CONTRACT_TYPES]
    versions = dict.fromkeys(version_of(stack.record, change) for change in parts)
    return tuple(_contract(stack.record, version, parts) for version in versions if version not in whole)


def _contract(record: StackRecord, version: str, parts: Sequence[ResourceChange]) -> ChangedContract:
    chosen = [change for change in parts if version_of(record, change) == version]
    where = say(version) if version else ()
    told = contract_changes(chosen, beside(chosen, record.kept), where)
    return ChangedContract(frozenset(change.urn for change in chosen), told)
