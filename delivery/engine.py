"""Works on one stack with the real Pulumi engine, through the Automation API."""

import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Generic, TypedDict, TypeVar

from pulumi import automation as auto
from pulumi.automation.errors import CommandError, ConcurrentUpdateError, StackNotFoundError
from pulumi.automation.events import EngineEvent
from pydantic import JsonValue

from delivery import program
from delivery.adoption import Found, adopt, before_destroying, to_find_out, unfinished
from delivery.errors import DeliveryError, failure
from delivery.kept import beside
from delivery.listener import Listener, Reports
from delivery.persistence import Persistence, commands
from delivery.records import KeptResource, ResourceChange
from delivery.recovery import recover
from delivery.stacks import StackId
from delivery.workspace import Stack, Workspace

# Said in the Automation API's own thread of an engine that was ended; that it ended is told as an error.
warnings.filterwarnings("ignore", message="Error in event stream", category=UserWarning)

_PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind of secrets provider
R = TypeVar("R")


@dataclass(frozen=True)
class Deployed:
    """The result of one operation."""

    stack: StackId
    changes: Mapping[str, int]
    """Number of resources by what happened to them: `created`, `updated`, `replaced`, `deleted`."""
    outputs: Mapping[str, JsonValue]
    """The stack's outputs; a secret output is `[secret]`."""
    seconds: float
    resources: tuple[ResourceChange, ...] = ()
    """What changed, or would change; empty for a refresh, which changes only what the state says."""
    unchanged: int = 0
    """Resources that stay as they are."""
    kept: tuple[KeptResource, ...] = ()
    """Those of them that belong to a contract of which other parts change."""

    def __str__(self) -> str:
        """Return the changes in words: `12 created, 1 updated` or `no changes`."""
        return ", ".join(f"{count} {word}" for word, count in self.changes.items()) or "no changes"


@dataclass(frozen=True)
class Target:
    """One stack, and what it takes to work on it."""

    stack: StackId
    root: Path
    """The repository whose program is run."""
    variables: Mapping[str, str]
    """Added to the environment of the CLI: backend, passphrase, PATH."""
    secrets_provider: str = _PASSPHRASE
    """What encrypts the secrets of a stack that is made: `secretsprovider` of its environment."""
    log: Callable[[str], None] = field(default=lambda _: None)
    """Takes each line that the CLI prints."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Set when nothing is to be begun any more: a failure is then not tried again."""


def up(target: Target, reports: Reports, *, refresh: bool = False) -> Deployed:
    """Create or update a stack; return what changed and the outputs.

    A stack that a killed update left locked is unlocked first, where the backend tells that nobody works on it, and
    what that update was creating is taken over; a failure of Azure that passes is tried again. With `refresh` the
    engine looks first at what is there, for a state that may not know.

    Raises DeliveryError with a sentence when the engine refuses or fails.
    """

    def work(opened: auto.Stack, listener: Listener) -> auto.OutputMap:
        done = opened.up(
            **_common(target, listener),
            refresh=refresh,
        )
        if listener.has_pending:
            _settle(target, reports)
        return done.outputs

    done = _carried_out(target, reports, work, _persistently)
    values: dict[str, JsonValue] = {name: output.value for name, output in done.answer.items()}
    return replace(done.deployed(done.listener.done), outputs=values)


def preview(target: Target, reports: Reports, *, destroys: bool = False) -> Deployed:
    """Return what `up` would change, or what `destroy` would delete with `destroys`; change nothing but the backend.

    The backend of `target` is a copy that the caller made: a stack that it lacks is created in it.
    Raises DeliveryError with a sentence when the engine refuses or fails.
    """

    def work(opened: auto.Stack, listener: Listener) -> None:
        common = _common(target, listener)
        if destroys:
            opened.preview_destroy(**common)
        else:
            opened.preview(**common, program=program.of(target.root, target.stack.project))

    done = _carried_out(target, reports, work, _in_stack)
    return done.deployed(done.listener.planned)


def refresh(target: Target, reports: Reports) -> Deployed:
    """Bring the stack's state to what Azure has; change nothing in Azure.

    Raises DeliveryError with a sentence when the engine refuses or fails.
    """

    def work(opened: auto.Stack, listener: Listener) -> None:
        opened.refresh(**_common(target, listener))

    return _carried_out(target, reports, work, _persistently).deployed({})


def drift(target: Target, reports: Reports) -> Deployed:
    """Return what a refresh would find that the stack's state does not say; change nothing.

    The backend of `target` is a copy that the caller made. No program is run.
    Raises DeliveryError with a sentence when the engine refuses or fails.
    """

    def work(opened: auto.Stack, listener: Listener) -> None:
        opened.preview_refresh(**_common(target, listener))

    done = _carried_out(target, reports, work, _persistently)
    # What only reads differently is as it was.
    done.listener.unchanged += sum(done.listener.counts.values()) - len(done.listener.found)
    return done.deployed(done.listener.found)


def destroy(target: Target, reports: Reports) -> Deployed:
    """Delete everything that the stack has, and then the stack itself; the file of its settings stays.

    Raises DeliveryError with a sentence when the engine refuses or fails, or an update was cut off while it created
    something that may be there: without the state, nobody would know of it any more.
    """

    def work(opened: auto.Stack, listener: Listener) -> None:
        if lost := unfinished(_workspace(target).deployment(target.stack.name)).lost:
            raise DeliveryError(before_destroying(target.stack, lost))
        opened.destroy(**_common(target, listener))
        opened.workspace.remove_stack(target.stack.name, preserve_config=True)

    done = _carried_out(target, reports, work, _persistently)
    return done.deployed(done.listener.done)


class _Common(TypedDict):
    """What every operation of the Automation API is told."""

    on_event: Callable[[EngineEvent], None]
    on_output: Callable[[str], None]
    color: str
    suppress_outputs: bool
    suppress_progress: bool


def _common(target: Target, listener: Listener) -> _Common:
    return _Common(
        on_event=listener.on_event,
        on_output=target.log,
        color="never",
        suppress_outputs=True,
        suppress_progress=True,
    )


@dataclass(frozen=True)
class _Done(Generic[R]):
    """An operation that has come to its end."""

    stack: StackId
    listener: Listener
    seconds: float
    answer: R

    def deployed(self, resources: Mapping[str, ResourceChange]) -> Deployed:
        """Return the result, in which these resources changed or would change, by URN."""
        listener = self.listener
        ordered = tuple(resources[urn] for urn in sorted(resources))
        staying = beside(ordered, listener.kept.values())
        return Deployed(self.stack, listener.counts, {}, self.seconds, ordered, listener.unchanged, staying)


Work = Callable[[auto.Stack, Listener], R]


def _carried_out(
    target: Target, reports: Reports, work: Work[R], manner: Callable[[Target, Listener, Work[R]], R]
) -> _Done[R]:
    """Do the work, `_persistently` or once `_in_stack`; an interrupt of the main thread lets it come to its end."""
    started = time.monotonic()
    listener = Listener(reports)
    with _told(target.stack, listener):
        answer = _uninterrupted(lambda: manner(target, listener, work), reports)
    return _Done(target.stack, listener, time.monotonic() - started, answer)


def create(target: Target) -> None:
    """Make the stack, without a resource.

    Raises DeliveryError with a sentence when the CLI refuses, as for one that exists.
    """
    with _told(target.stack, Listener(Reports(_ignore, _ignore))):
        _workspace(target).create_stack(target.stack.name)


def set_tag(target: Target, name: str, value: str) -> None:
    """Write a tag of the stack.

    Raises DeliveryError with a sentence when the CLI refuses.
    """
    with _told(target.stack, Listener(Reports(_ignore, _ignore))):
        _workspace(target).set_tag(target.stack.name, name, value)


def remove_tag(target: Target, name: str) -> None:
    """Remove a tag of the stack.

    Raises DeliveryError with a sentence when the CLI refuses.
    """
    with _told(target.stack, Listener(Reports(_ignore, _ignore))):
        _workspace(target).remove_tag(target.stack.name, name)


def _ignore(_: str) -> None:
    """Take a line that nobody wants."""


@contextmanager
def _told(stack: StackId, listener: Listener) -> Iterator[None]:
    """Let a refusal of the CLI become a sentence that knows what was done before it."""
    try:
        yield
    except CommandError as error:
        failed = failure(stack, listener.errors, _stderr(error), commands(stack, listener))
        failed.changes = listener.counts
        failed.resources = tuple(listener.done[urn] for urn in sorted(listener.done))
        raise failed from error


def _persistently(target: Target, listener: Listener, work: Work[R]) -> R:
    """Do the work, again where a failure passes, and with what an update that was cut off left taken back."""
    persistence = Persistence(target.stack, listener, target.stop)
    found: Found = ()
    has_recovered = False
    while True:
        try:
            if found:
                adopt(_workspace(target), target.stack, found, listener.reports.remarkable)
                found = ()
            return _in_stack(target, listener, work)
        except ConcurrentUpdateError:
            backend = target.variables["PULUMI_BACKEND_URL"]
            if has_recovered or not recover(target.stack, backend, listener.reports.remarkable, target.stop):
                raise
            has_recovered = True
        except CommandError as error:
            found = persistence.after(error, lambda: _workspace(target).deployment(target.stack.name))
        listener.begin_again()


def _in_stack(target: Target, listener: Listener, work: Work[R]) -> R:
    """Do the work in the stack, which is made if it is new: that is found out by trying, which costs nothing else."""
    try:
        return work(_open(target), listener)
    except StackNotFoundError:
        listener.begin_again()
        _workspace(target).create_stack(target.stack.name)
        return work(_open(target), listener)


def _settle(target: Target, reports: Reports) -> None:
    """Let the state forget creations that were cut off, once it has their resources; tell of those that it lacks."""
    workspace = _workspace(target)
    left = unfinished(workspace.deployment(target.stack.name))
    if left.lost:
        reports.remarkable(to_find_out(target.stack, left.lost))
    elif left.creations:
        workspace.drop_pending(target.stack.name)


def _open(target: Target) -> auto.Stack:
    return Stack.opened(target.stack.name, _workspace(target))


def _workspace(target: Target) -> Workspace:
    provider = target.secrets_provider
    return Workspace(
        work_dir=str(target.stack.directory(target.root)),
        env_vars=dict(target.variables),
        secrets_provider=None if provider == _PASSPHRASE else provider,
        pulumi_command=_command(),
    )


def _uninterrupted(work: Callable[[], R], reports: Reports) -> R:
    """Do the work in a thread of its own, which an interrupt of this one lets come to its end.

    The engine gets the terminal's interrupt itself and ends cleanly. The Automation API, interrupted while it waits
    for that, would close the engine's pipes under the threads that read them. Only a main thread is interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    with ThreadPoolExecutor(max_workers=1) as thread:
        running = thread.submit(work)
        try:
            return running.result()
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            reports.remarkable("stopping: the engine ends what it has begun")
            raise


@cache
def _command() -> auto.PulumiCommand:
    """Return the CLI on PATH. Asking for its version takes a process of its own, so it is asked once."""
    return auto.PulumiCommand()


def _stderr(error: CommandError) -> str:
    """Return what the CLI wrote to stderr; the Automation API keeps it only as a part of the error's text.

    Of a CLI that a signal ended it is the code that says so: `code: -9`.
    """
    text = str(error).strip()
    code = text.partition("\n")[0].strip()
    return code if code.startswith("code: -") else text.partition("stderr: ")[2]
