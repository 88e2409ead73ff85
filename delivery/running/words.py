"""How it went, in words: the line of one stack, and the summary of all."""

from collections import Counter
from collections.abc import Iterable

from delivery.records import Action, DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord
from delivery.running.critical import CriticalPath

_DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.REPLACE: "replaced",
    Action.DELETE: "deleted",
}
_PLANNED = {action: f"to {action}" for action in Action}
_FOUND = {
    Action.CREATE: "new",  # a refresh finds none: it looks for what the state knows
    Action.UPDATE: "changed",
    Action.REPLACE: "replaced",
    Action.DELETE: "gone",
}
_WORDS = {Operation.PREVIEW: _PLANNED, Operation.DRIFT: _FOUND}


def result(record: StackRecord, operation: Operation) -> str:
    """Return what became of a stack, in a line."""
    if record.outcome is not Outcome.DONE:
        return _telling_line(record.error) or str(record.outcome)
    return counts(record.changes, operation)


def _telling_line(error: str) -> str:
    """Return the first line of an error that is no heading."""
    return next((line.strip() for line in error.splitlines() if not line.endswith(":")), error)


def counts(changes: Iterable[ResourceChange], operation: Operation) -> str:
    """Return the number of resources by what happens to them: `2 created, 1 updated`, `3 to create`, `no changes`.

    A refresh changes no resource, and what it changes in the state is not counted.
    """
    if operation is Operation.REFRESH:
        return "looked at what Azure has"
    by_action = Counter(change.action for change in changes)
    said = _WORDS.get(operation, _DONE)
    return ", ".join(f"{by_action[each]} {said[each]}" for each in Action if by_action[each]) or "no changes"


def summary(
    record: DeliveryRecord, *, seconds: float, critical: CriticalPath | None, again: str, logs: str
) -> str:
    """Return what was done, what was not, and the command that goes on.

    `seconds` is the whole duration; `critical` what it takes at least, None where no stack waits for another; `again`
    is the command line that goes on, `logs` the folder of the logs.
    """
    if not record.stacks:
        return "\n".join((f"{record.environment}: nothing to do. No stack differs.", *_notes(record)))
    by_outcome: dict[Outcome, list[StackRecord]] = {outcome: [] for outcome in Outcome}
    for stack in record.stacks:
        by_outcome[stack.outcome].append(stack)
    done = by_outcome[Outcome.DONE]
    changes = counts((change for stack in record.stacks for change in stack.changes), record.operation)
    lines = [f"{record.environment}: {_number(len(done))} in {seconds:.1f} s: {changes}."]
    if critical is not None and len(record.stacks) > 1:
        lines.append(f"  {_waiting(critical)}")
    lines += [f"  {_named(stack)}" for stack in by_outcome[Outcome.FAILED]]
    if ended := by_outcome[Outcome.INTERRUPTED]:
        lines.append(f"  Interrupted: {_listed(ended)}.")
    if left := by_outcome[Outcome.NOT_BEGUN]:
        lines.append(f"  Not begun: {_listed(left)}.")
    lines += _notes(record)
    if not record.is_clean:
        lines += [f"Logs: {logs}", f"Go on with: {again}"]
    return "\n".join(lines)


def _waiting(critical: CriticalPath) -> str:
    """Return what took the time where stacks wait for each other."""
    chain = f"Critical path: {critical.limited:.1f} s with {critical.limit} at once"
    if critical.limited > critical.layers:
        return f"{chain}; {critical.layers:.1f} s without that limit."
    return f"{chain}, as without a limit."


def _listed(records: Iterable[StackRecord]) -> str:
    return ", ".join(str(record.stack) for record in records)


def _notes(record: DeliveryRecord) -> list[str]:
    return [f"  {note}" for note in record.notes]


def _named(record: StackRecord) -> str:
    """Return the error, with the stack's name where the error does not begin with it."""
    name = str(record.stack)
    text = record.error if record.error.startswith(name) else f"{name}: {record.error}"
    return text.replace("\n", "\n  ")


def _number(stacks: int) -> str:
    return "1 stack" if stacks == 1 else f"{stacks} stacks"
