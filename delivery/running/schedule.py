"""Runs jobs in their order, and in parallel up to a limit."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from delivery.records import Outcome, StackRecord
from delivery.running.jobs import Job

Work = Callable[[Job], StackRecord]
"""Does one job and tells how it went. It raises nothing that a user can cause."""


def run(
    layers: Sequence[Sequence[Job]],
    work: Work,
    *,
    limit: int,
    stop: threading.Event,
    goes_on_after_failure: bool = False,
) -> tuple[StackRecord, ...]:
    """Do the jobs of each layer, at most `limit` at a time, and return what became of each, in their order.

    A failure, or `stop` that is set, keeps what has not begun from beginning; what runs is waited for. With
    `goes_on_after_failure` only `stop` does so.
    """
    if goes_on_after_failure:
        halted = stop.is_set
    else:
        failed = threading.Event()

        def halted() -> bool:
            return stop.is_set() or failed.is_set()

    def one(job: Job) -> StackRecord:
        if halted():
            return not_begun(job)
        record = work(job)
        if record.outcome is not Outcome.DONE and not goes_on_after_failure:
            failed.set()
        return record

    with ThreadPoolExecutor(max_workers=limit, thread_name_prefix="stack") as threads:
        return tuple(record for layer in layers for record in list(threads.map(one, layer)))


def not_begun(job: Job) -> StackRecord:
    """Return the record of a job that did not begin."""
    return StackRecord(
        project=job.stack.project,
        name=job.stack.name,
        outcome=Outcome.NOT_BEGUN,
        reasons=job.reasons,
        owner=job.owner,
        destroys=job.destroys,
    )
