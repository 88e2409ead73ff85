"""Says on the preview of a stack what it cannot show: changes of the stacks it builds on, made at the same time."""

from collections.abc import Iterable, Iterator

from delivery.planning.inputs import upstream
from delivery.records import DeliveryRecord, Operation, StackRecord
from delivery.stacks import StackId


def with_upstream_notes(records: Iterable[DeliveryRecord]) -> tuple[DeliveryRecord, ...]:
    """Return the records with a note on each previewed stack that builds on one which would change too.

    A preview takes what another stack hands on from that stack's last deployment, so it cannot show what follows from
    changes that are not deployed yet. Where runners share an environment, the stack above may be in another's record:
    so this is done again when their records are gathered, and a note is written once.
    """
    found = tuple(records)
    changing = {each.stack for record in found if _previews(record) for each in record.stacks if each.changes}
    return tuple(_all_noted(each, changing) if _previews(each) else each for each in found)


def _previews(record: DeliveryRecord) -> bool:
    return record.operation is Operation.PREVIEW


def _all_noted(record: DeliveryRecord, changing: set[StackId]) -> DeliveryRecord:
    noted = tuple(_noted(each, next(_changing_above(each.stack, changing), None)) for each in record.stacks)
    return record.model_copy(update={"stacks": noted})


def _changing_above(stack: StackId, changing: set[StackId]) -> Iterator[StackId]:
    above = upstream(stack)
    while above is not None:
        if above in changing:
            yield above
        above = upstream(above)


def _noted(record: StackRecord, above: StackId | None) -> StackRecord:
    if above is None or record.destroys:
        return record
    note = f"{above} would change too. What follows from that here is not visible before it is deployed."
    return record.model_copy(update={"notes": tuple(dict.fromkeys((*record.notes, note)))})
