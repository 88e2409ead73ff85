"""The stacks of all records, in an order that does not depend on how they ran, with nothing secret in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from delivery.records import Action, DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord
from delivery.report.hidden import Safe, hidden
from shared.projects import FOUNDATION, MODEL, PLATFORM

_INTERNAL = ("model-gateway:", "pulumi:providers:")

GROUPS = (FOUNDATION, PLATFORM, MODEL)
"""The layers, in the order in which they are deployed."""


@dataclass(frozen=True)
class Stack:
    """One stack of one environment."""

    environment: str
    record: StackRecord
    """As it was recorded; its changes may hold what must not be shown."""
    changes: tuple[Safe, ...]
    """The changes by their URNs, with credentials hidden."""

    @property
    def subject(self) -> tuple[int, str]:
        """Return what it is about, the same in all environments: the layer, and the model."""
        return _place(self.record.project), self.record.model or ""

    @property
    def is_whole(self) -> bool:
        """Tell whether what is recorded is all that changes."""
        return self.record.outcome is Outcome.DONE

    def count(self, action: Action) -> int:
        """Return the number of resources to which that happens."""
        return sum(safe.change.action is action for safe in self.changes)


def stacks_of(
    records: Iterable[DeliveryRecord], operation: Operation, order: Sequence[str]
) -> tuple[Stack, ...]:
    """Return the stacks of an operation by environment, layer and name.

    `order` names environments in the order in which they are deployed; others follow by name.
    """
    stacks = [
        Stack(
            record.environment,
            stack,
            tuple(hidden(change) for change in sorted(stack.changes, key=_urn) if not _is_internal(change)),
        )
        for record in records
        if record.operation is operation
        for stack in record.stacks
    ]
    return tuple(
        sorted(
            stacks,
            key=lambda stack: (
                rank(stack.environment, order),
                stack.subject,
                stack.record.name,
                stack.record.project,
            ),
        )
    )


def _urn(change: ResourceChange) -> str:
    return change.urn


def _is_internal(change: ResourceChange) -> bool:
    """Tell whether it is nothing in Azure: a component that groups resources, or a provider."""
    return change.type.startswith(_INTERNAL)


def rank(environment: str, order: Sequence[str]) -> tuple[int, str]:
    """Return the place of an environment among others."""
    return (order.index(environment) if environment in order else len(order)), environment


def _place(project: str) -> int:
    return GROUPS.index(project) if project in GROUPS else len(GROUPS)
