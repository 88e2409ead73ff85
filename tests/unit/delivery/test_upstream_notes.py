"""A preview says what it cannot show of changes above it."""

from delivery.records import Action, DeliveryRecord, Operation, Outcome, StackRecord
from delivery.running.upstream_notes import with_upstream_notes
from tests.unit.delivery.running.making import FOUNDATION, IRIS, PLATFORM, ROSE, delivery, ended


def noted_stacks(*records: DeliveryRecord) -> list[StackRecord]:
    return [stack for record in with_upstream_notes(records) for stack in record.stacks]


def notes(*changing: object, operation: Operation = Operation.PREVIEW) -> dict[str, tuple[str, ...]]:
    record = delivery(
        *(
            ended(job.stack, Outcome.DONE, *([Action.UPDATE] if job in changing else []))
            for job in (FOUNDATION, PLATFORM, IRIS)
        ),
        operation=operation,
    )
    return {str(stack.stack): stack.notes for stack in noted_stacks(record) if stack.notes}


def test_a_stack_below_one_that_changes_is_noted() -> None:
    note = "platform/dev would change too. What follows from that here is not visible before it is deployed."
    assert notes(PLATFORM) == {"model/iris.dev": (note,)}


def test_all_stacks_below_are_noted_with_the_nearest_that_changes() -> None:
    found = notes(FOUNDATION, PLATFORM)
    assert found["platform/dev"][0].startswith("foundation/dev would change too.")
    assert found["model/iris.dev"][0].startswith("platform/dev would change too.")


def test_a_change_two_layers_above_is_noted_as_well() -> None:
    assert notes(FOUNDATION)["model/iris.dev"][0].startswith("foundation/dev would change too.")


def test_nothing_is_noted_where_nothing_above_changes_or_all_is_deployed() -> None:
    assert notes(IRIS) == {}
    assert notes(PLATFORM, operation=Operation.UP) == {}


def test_a_change_that_another_runner_previewed_is_noted_once() -> None:
    changed, same = Action.UPDATE, ended(IRIS.stack)
    first = delivery(ended(PLATFORM.stack, Outcome.DONE, changed), same, operation=Operation.PREVIEW)
    second = delivery(ended(ROSE.stack, Outcome.DONE, changed), operation=Operation.PREVIEW)
    gathered = (*with_upstream_notes([first]), *with_upstream_notes([second]))
    counts = {str(stack.stack): len(stack.notes) for stack in noted_stacks(*gathered)}
    assert counts == {"platform/dev": 0, "model/iris.dev": 1, "model/rose.dev": 1}
