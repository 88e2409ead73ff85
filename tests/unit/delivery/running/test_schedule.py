"""Jobs run in their order and beside each other up to a limit; a failure or a stop keeps the rest from beginning."""

import threading

import pytest

from delivery.records import Outcome, StackRecord
from delivery.running.jobs import Job
from delivery.running.schedule import run
from delivery.stacks import model
from tests.unit.delivery.running.making import FOUNDATION, IRIS, PLATFORM, ROSE, ended

_FOUR = tuple(Job(model(f"model-{number}", "dev")) for number in range(4))


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def done(job: Job) -> StackRecord:
    return ended(job.stack)


def test_a_layer_begins_when_the_one_before_has_ended(stop: threading.Event) -> None:
    seen: list[str] = []

    def work(job: Job) -> StackRecord:
        seen.append(f"begin {job.stack}")
        record = done(job)
        seen.append(f"end {job.stack}")
        return record

    records = run([(FOUNDATION,), (PLATFORM,), (IRIS,)], work, limit=4, stop=stop)
    layers = ("foundation/dev", "platform/dev", "model/iris.dev")
    assert seen == [f"{what} {stack}" for stack in layers for what in ("begin", "end")]
    assert [str(record.stack) for record in records] == list(layers)


def test_as_many_run_beside_each_other_as_the_limit_says(stop: threading.Event) -> None:
    both = threading.Barrier(2, timeout=30)
    running, most = [], []

    def work(job: Job) -> StackRecord:
        running.append(job)
        most.append(len(running))
        both.wait()  # passes only where two are here at once
        running.remove(job)
        return done(job)

    run([_FOUR], work, limit=2, stop=stop)
    assert max(most) == 2


def test_a_failure_keeps_what_has_not_begun_from_beginning(stop: threading.Event) -> None:
    def work(job: Job) -> StackRecord:
        return ended(job.stack, Outcome.FAILED if job is PLATFORM else Outcome.DONE)

    records = run([(FOUNDATION,), (PLATFORM,), (IRIS, ROSE)], work, limit=2, stop=stop)
    assert [record.outcome for record in records] == ["done", "failed", "not begun", "not begun"]


def test_what_runs_when_another_fails_is_let_to_its_end(stop: threading.Event) -> None:
    both, failed = threading.Barrier(2, timeout=30), threading.Event()

    def work(job: Job) -> StackRecord:
        both.wait()
        if job is IRIS:
            failed.set()
            return ended(job.stack, Outcome.FAILED)
        assert failed.wait(timeout=30)
        return done(job)

    records = run([(IRIS, ROSE)], work, limit=2, stop=stop)
    assert [record.outcome for record in records] == ["failed", "done"]


def test_previews_go_on_after_a_failure(stop: threading.Event) -> None:
    def work(job: Job) -> StackRecord:
        return ended(job.stack, Outcome.FAILED if job is IRIS else Outcome.DONE)

    records = run([(IRIS, ROSE)], work, limit=1, stop=stop, goes_on_after_failure=True)
    assert [record.outcome for record in records] == ["failed", "done"]


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_stop_keeps_everything_from_beginning(stop: threading.Event, goes_on: bool) -> None:  # noqa: FBT001 - a parameter
    def work(job: Job) -> StackRecord:
        stop.set()
        return done(job)

    records = run([(IRIS, ROSE)], work, limit=1, stop=stop, goes_on_after_failure=goes_on)
    assert [record.outcome for record in records] == ["done", "not begun"]
