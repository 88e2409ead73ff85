"""Deploys one stack with the real Pulumi engine, through the Automation API."""

import signal
import time
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pulumi import automation as auto
from pulumi.automation.errors import CommandError, ConcurrentUpdateError, StackNotFoundError
from pulumi.automation.events import EngineEvent, OpType
from pydantic import JsonValue

from delivery.errors import failure, plain
from delivery.recovery import recover
from delivery.stacks import StackId
from delivery.workspace import Workspace

# Said in the Automation API's own thread of an engine that was ended; that it ended is told as an error.
warnings.filterwarnings("ignore", message="Error in event stream", category=UserWarning)

# What a person calls an operation once it is done. Steps that change nothing are not counted as changes.
_DONE = {
    OpType.CREATE: "created",
    OpType.UPDATE: "updated",
    OpType.REPLACE: "replaced",
    OpType.DELETE: "deleted",
    OpType.READ: "read",
}


@dataclass(frozen=True)
class Deployed:
    """The result of one update."""

    stack: StackId
    changes: Mapping[str, int]
    """Number of resources by what happened to them: `created`, `updated`, `replaced`, `deleted`."""
    outputs: Mapping[str, JsonValue]
    """The stack's outputs; a secret output is `[secret]`."""
    seconds: float

    def __str__(self) -> str:
        """Return the changes in words: `12 created, 1 updated` or `no changes`."""
        return ", ".join(f"{count} {word}" for word, count in self.changes.items()) or "no changes"


@dataclass(frozen=True)
class Reports:
    """Where an update tells how it goes."""

    now: Callable[[str], None]
    """Takes a short line for each resource that is done."""
    remarkable: Callable[[str], None]
    """Takes a line for what happens rarely and must not be missed: waiting, recovering."""


@dataclass
class _Listener:
    """Collects what the engine tells while it works."""

    reports: Reports
    errors: list[str] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)

    def on_event(self, event: EngineEvent) -> None:
        """Take one event of the engine."""
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.errors.append(plain(event.diagnostic_event.message).strip())
        if event.res_outputs_event:
            step = event.res_outputs_event.metadata
            if step.op in _DONE:
                self.reports.now(f"{_DONE[step.op]} {_short_name(step.urn)}")
        if event.summary_event:
            counts = event.summary_event.resource_changes
            self.changes = {
                word: counts[op] for op, word in _DONE.items() if op != OpType.READ and counts.get(op)
            }


def up(
    stack: StackId, root: Path, variables: Mapping[str, str], reports: Reports, *, refresh: bool = False
) -> Deployed:
    """Create or update `stack` of the repository at `root`; return what changed and the outputs.

    `variables` are added to the environment of the CLI (backend, passphrase, PATH). A stack that a killed update
    left locked is recovered first, where the backend tells that nobody works on it. With `refresh` the engine looks
    first at what is there, for a state that may not know.

    Raises DeliveryError with a sentence when the engine refuses or fails.
    """
    started = time.monotonic()
    listener = _Listener(reports)
    try:
        workspace = Workspace(
            work_dir=str(stack.directory(root)), env_vars=dict(variables), pulumi_command=_command()
        )
        backend = variables["PULUMI_BACKEND_URL"]
        result = _uninterrupted(
            lambda: _up(stack, _open(stack, workspace), backend, listener, refresh=refresh), reports
        )
    except CommandError as error:
        failed = failure(stack, tuple(listener.errors), _stderr(error))
        failed.changes = listener.changes
        raise failed from error
    outputs: dict[str, JsonValue] = {name: output.value for name, output in result.outputs.items()}
    return Deployed(stack, listener.changes, outputs, time.monotonic() - started)


def _uninterrupted(work: Callable[[], auto.UpResult], reports: Reports) -> auto.UpResult:
    """Do the work in a thread of its own, which an interrupt of this one lets come to its end.

    The engine gets the terminal's interrupt itself and ends cleanly. The Automation API, interrupted while it waits
    for that, would close the engine's pipes under the threads that read them.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        running = thread.submit(work)
        try:
            return running.result()
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            reports.remarkable("stopping: the engine ends what it has begun")
            raise


def _up(
    stack: StackId, opened: auto.Stack, backend: str, listener: _Listener, *, refresh: bool
) -> auto.UpResult:
    def once() -> auto.UpResult:
        return opened.up(
            on_event=listener.on_event,
            refresh=refresh,
            color="never",
            show_secrets=False,  # of the update's record, which nobody reads
            suppress_outputs=True,
            suppress_progress=True,
        )

    try:
        return once()
    except ConcurrentUpdateError:
        if not recover(stack, opened, backend, listener.reports.remarkable):
            raise
    listener.errors.clear()
    return once()


@cache
def _command() -> auto.PulumiCommand:
    """Return the CLI on PATH. Asking for its version takes a process of its own, so it is asked once."""
    return auto.PulumiCommand()


def _open(stack: StackId, workspace: auto.LocalWorkspace) -> auto.Stack:
    """Return the stack, made if it is new. The API's own create_or_select tries the rare case first."""
    try:
        return auto.Stack.select(stack.name, workspace)
    except StackNotFoundError:
        return auto.Stack.create(stack.name, workspace)


def _stderr(error: CommandError) -> str:
    """Return what the CLI wrote to stderr; the Automation API keeps it only as a part of the error's text."""
    return str(error).partition("stderr: ")[2]


def _short_name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]
