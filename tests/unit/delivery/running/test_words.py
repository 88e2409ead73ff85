"""What a person reads of a delivery: a line per stack, and one summary."""

from delivery.records import Action, Operation, Outcome
from delivery.running import words
from delivery.running.critical import CriticalPath
from tests.unit.delivery.running.making import FOUNDATION, IRIS, PLATFORM, ROSE, change, delivery, ended


def test_changes_are_counted_in_the_tense_of_the_operation() -> None:
    changes = [change(Action.CREATE), change(Action.CREATE), change(Action.DELETE)]
    assert words.counts(changes, Operation.UP) == "2 created, 1 deleted"
    assert words.counts(changes, Operation.PREVIEW) == "2 to create, 1 to delete"
    assert words.counts([], Operation.UP) == "no changes"


def test_a_refresh_does_not_claim_that_nothing_changed() -> None:
    record = delivery(ended(IRIS.stack, Outcome.DONE)).model_copy(update={"operation": Operation.REFRESH})
    text = words.summary(record, seconds=3, critical=None, again="", logs="")
    assert text == "dev: 1 stack in 3.0 s: looked at what Azure has."


def test_a_failed_stack_has_the_line_that_tells_most() -> None:
    failed = ended(IRIS.stack, Outcome.FAILED, error="model/iris.dev failed:\n  Status=400 no\n  more")
    assert words.result(failed, Operation.UP) == "Status=400 no"


def test_the_summary_says_what_was_done_what_was_not_and_what_goes_on() -> None:
    record = delivery(
        ended(FOUNDATION.stack, Outcome.DONE, Action.CREATE),
        ended(PLATFORM.stack, Outcome.FAILED, Action.UPDATE, error="platform/dev failed:\n  Status=400 no"),
        ended(IRIS.stack, Outcome.INTERRUPTED, error="cancelled"),
        ended(ROSE.stack, Outcome.NOT_BEGUN),
        notes=("A note.",),
    )
    assert words.summary(
        record, seconds=12.34, critical=CriticalPath(5.0, 7.0, 2), again="./dev up --env dev", logs="logs/dev"
    ) == (
        "dev: 1 stack in 12.3 s: 1 created, 1 updated.\n"
        "  Critical path: 7.0 s with 2 at once; 5.0 s without that limit.\n"
        "  platform/dev failed:\n"
        "    Status=400 no\n"
        "  Interrupted: model/iris.dev.\n"
        "  Not begun: model/rose.dev.\n"
        "  A note.\n"
        "Logs: logs/dev\n"
        "Go on with: ./dev up --env dev"
    )


def test_a_summary_of_nothing_says_so() -> None:
    text = words.summary(delivery(notes=("Held.",)), seconds=0.1, critical=None, again="", logs="")
    assert text == "dev: nothing to do. No stack differs.\n  Held."
