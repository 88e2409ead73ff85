"""One operation on stacks of one environment: everything that `./dev preview`, `up`, `refresh` and `destroy` share."""

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from delivery import engine
from delivery.context import Context
from delivery.errors import DeliveryError
from delivery.listener import Reports
from delivery.records import DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord
from delivery.report.hidden import hidden
from delivery.running import logs, schedule, words
from delivery.running.board import Board
from delivery.running.jobs import Job, in_layers
from delivery.running.stack_files import forget, render
from delivery.running.stopping import listening
from delivery.stacks import StackId
from delivery.tagging import Tags, tagged
from shared import environments
from shared.errors import UserError

_TELLING = (DeliveryError, UserError, OSError)
"""What a user or the machine can cause: such an error tells by itself."""
_LOOKING = frozenset({Operation.PREVIEW, Operation.DRIFT})


@dataclass(frozen=True)
class Order:
    """What is to be done in one environment."""

    environment: str
    operation: Operation
    jobs: tuple[Job, ...]
    results: Path
    """The folder for logs; the record is the caller's to write."""
    limit: int
    """How many stacks are worked on at once."""
    variables: Mapping[str, str]
    """Of the CLI. Its backend is a copy for a preview."""
    refused: Mapping[StackId, str] = field(default_factory=dict)
    """Stacks that cannot be worked on, and the sentence that says why; found before anything began."""
    tags: Mapping[StackId, Tags] = field(default_factory=dict)
    """What to write on each stack that is updated or destroyed."""
    missing: tuple[StackId, ...] = ()
    """Stacks that others read, and that are created in the copy first: they were never deployed."""
    revision: str = ""
    base: str = ""
    part: str = ""
    notes: tuple[str, ...] = ()


def carry_out(order: Order, context: Context) -> DeliveryRecord:
    """Do it, show how it goes, and return what became of each stack.

    What changes nothing goes on after a failure, everything else stops what has not begun. Ctrl-C and SIGTERM stop
    either.
    """
    stop = threading.Event()
    board = Board(context.console, len(order.jobs))
    worker = _Worker(order, context, board, stop)
    previews = order.operation in _LOOKING
    layers = [order.jobs] if previews else in_layers(order.jobs)
    with listening(stop, board.tell), board.shown():
        for stack in order.missing:
            engine.create(worker.target(stack))
        records = schedule.run(layers, worker, limit=order.limit, stop=stop, goes_on_after_failure=previews)
    return DeliveryRecord(
        environment=order.environment,
        operation=order.operation,
        revision=order.revision,
        base=order.base,
        part=order.part,
        stacks=records,
        notes=order.notes,
    )


@dataclass(frozen=True)
class _Worker:
    """Works on one stack at a time, in any thread."""

    order: Order
    context: Context
    board: Board
    stop: threading.Event

    def __call__(self, job: Job) -> StackRecord:
        """Work on the stack; whatever fails becomes a part of the record, which tells of the other stacks too."""
        notes: list[str] = []
        self.board.begin(job)
        started = time.monotonic()
        try:
            record = _record(job, self._logged(job, notes), tuple(notes))
        except Exception as error:  # one stack's fault must not take the record of the others along
            record = self._failed(job, error, tuple(notes), time.monotonic() - started)
        self.board.end(job, record, words.result(record, self.order.operation))
        return record

    def _logged(self, job: Job, notes: list[str]) -> engine.Deployed:
        """Work on the stack, with a log of it; `notes` grows by what must not be missed."""
        file = logs.path(self.order.results, self.order.environment, self.order.operation, job.stack)
        with logs.opened(file) as log:

            def remark(what: str) -> None:
                notes.append(what)
                log.line(what)
                self.board.remark(job, what)

            try:
                return self._operate(job, Reports(partial(self._now, job), remark), log)
            except Exception as error:
                log.line(str(error) if isinstance(error, _TELLING) else traceback.format_exc())
                raise

    def _now(self, job: Job, doing: str) -> None:
        # What an engine that only looks calls creating is none.
        self.board.now(job, "looking" if self.order.operation in _LOOKING else doing)

    def _operate(self, job: Job, reports: Reports, log: logs.Log) -> engine.Deployed:
        if job.stack in self.order.refused:
            raise DeliveryError(self.order.refused[job.stack])
        render(self.context, job.stack)
        target = self.target(job.stack, log.line)
        if self.order.operation is Operation.PREVIEW:
            return engine.preview(target, reports, destroys=job.destroys)
        if self.order.operation is Operation.DRIFT:
            return engine.drift(target, reports)
        if job.destroys:
            with tagged(target, self.order.tags[job.stack]):
                deployed = engine.destroy(target, reports)
            forget(self.context, job.stack)
            return deployed
        if self.order.operation is Operation.REFRESH:
            return engine.refresh(target, reports)
        with tagged(target, self.order.tags[job.stack]):
            return self.context.update(self.order.environment)(target, reports)

    def target(self, stack: StackId, log: Callable[[str], None] = lambda _: None) -> engine.Target:
        """Return the stack with what it takes to work on it."""
        described = environments.load(self.order.environment, self.context.root)
        return engine.Target(
            stack, self.context.root, self.order.variables, described.secretsprovider, log, self.stop
        )

    def _failed(self, job: Job, error: Exception, notes: tuple[str, ...], seconds: float) -> StackRecord:
        return schedule.not_begun(job).model_copy(
            update={
                "outcome": Outcome.INTERRUPTED if self.stop.is_set() else Outcome.FAILED,
                "changes": _safe(error.resources) if isinstance(error, DeliveryError) else (),
                "error": _told(job.stack, error),
                "notes": notes,
                "seconds": seconds,
            }
        )


def _told(stack: StackId, error: Exception) -> str:
    """Return what failed as a sentence, also where no user can have caused it."""
    if isinstance(error, _TELLING):
        return str(error)
    return (
        f"{stack} met a fault of this program: {type(error).__name__}: {error}. Its log has the whole; report it, and "
        "look with `./dev plan` whether something is left to do."
    )


def _safe(changes: Iterable[ResourceChange]) -> tuple[ResourceChange, ...]:
    """Return changes without what may be a credential: one set by hand is marked by nobody, and a refresh brings it."""
    return tuple(hidden(change).change for change in changes)


def _record(job: Job, deployed: engine.Deployed, notes: tuple[str, ...]) -> StackRecord:
    return schedule.not_begun(job).model_copy(
        update={
            "outcome": Outcome.DONE,
            "changes": _safe(deployed.resources),
            "unchanged": deployed.unchanged,
            "kept": deployed.kept,
            "notes": notes,
            "seconds": deployed.seconds,
        }
    )
