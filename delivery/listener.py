"""What the engine tells while it works on one stack, made into changes of resources."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pulumi.automation.events import (
    DiagnosticEvent,
    EngineEvent,
    OpType,
    StepEventMetadata,
    StepEventStateMetadata,
)
from pydantic import JsonValue, TypeAdapter

from delivery.adoption import Creation
from delivery.drift.policies import significant
from delivery.errors import plain
from delivery.kept import kept
from delivery.records import Action, KeptResource, ResourceChange

# What a person calls an operation once it is done. Steps that change nothing are not counted as changes.
_DONE = {
    OpType.CREATE: "created",
    OpType.UPDATE: "updated",
    OpType.REPLACE: "replaced",
    OpType.DELETE: "deleted",
    OpType.READ: "read",
}
# What it is called while it goes on: creating API Management takes 45 minutes.
_DOING = {
    OpType.CREATE: "creating",
    OpType.CREATE_REPLACEMENT: "creating",
    OpType.UPDATE: "updating",
    OpType.DELETE: "deleting",
    OpType.DELETE_REPLACED: "deleting",
}
_CHANGING = {
    OpType.CREATE: Action.CREATE,
    OpType.IMPORT: Action.CREATE,
    OpType.UPDATE: Action.UPDATE,
    OpType.REPLACE: Action.REPLACE,
    OpType.DELETE: Action.DELETE,
}
_CREATING = frozenset({OpType.CREATE, OpType.CREATE_REPLACEMENT})
# pkg/resource/deploy/deployment_executor.go, printPendingOperationsWarning
_PENDING = "pending operations from previous deployment"
_INPUTS: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True)
class Reports:
    """Where an operation tells how it goes."""

    now: Callable[[str], None]
    """Takes a short line for each resource that is begun, and for each that is done."""
    remarkable: Callable[[str], None]
    """Takes a line for what happens rarely and must not be missed: waiting, recovering."""


@dataclass(frozen=True)
class Refusal:
    """An error that the engine tells."""

    message: str
    urn: str = ""
    """Of the resource that it is about; empty where it is about the whole."""


@dataclass
class Listener:
    """Collects what the engine tells while it works."""

    reports: Reports
    refusals: list[Refusal] = field(default_factory=list)
    creating: dict[str, Creation] = field(default_factory=dict)
    """By URN: what any of the attempts set out to create."""
    has_pending: bool = False
    """Whether the state holds operations that a killed update did not end."""
    counts: dict[str, int] = field(default_factory=dict)
    """Resources by what happened to them in all attempts: `created`, `updated`, `replaced`, `deleted`."""
    unchanged: int = 0
    planned: dict[str, ResourceChange] = field(default_factory=dict)
    """By URN: what the engine set out to do."""
    done: dict[str, ResourceChange] = field(default_factory=dict)
    """By URN: what it did."""
    found: dict[str, ResourceChange] = field(default_factory=dict)
    """By URN: what a refresh found other than the state says."""
    kept: dict[str, KeptResource] = field(default_factory=dict)
    """By URN: parts of contracts that stay as they are."""
    _looked_at: set[str] = field(default_factory=set)

    def on_event(self, event: EngineEvent) -> None:
        """Take one event of the engine."""
        if event.diagnostic_event:
            self._on_diagnostic(event.diagnostic_event)
        if event.resource_pre_event:
            self._on_begun(event.resource_pre_event.metadata)
        if event.res_outputs_event:
            self._on_done(event.res_outputs_event.metadata)
        if event.summary_event:
            counts = event.summary_event.resource_changes
            self.unchanged = counts.get(OpType.SAME, 0)
            for op, word in _DONE.items():
                if op != OpType.READ and counts.get(op):
                    self.counts[word] = self.counts.get(word, 0) + counts[op]

    def begin_again(self) -> None:
        """Forget what a failed attempt told; what it did stays done."""
        self.refusals.clear()
        self.planned.clear()
        self.kept.clear()
        self.found.clear()

    @property
    def errors(self) -> tuple[str, ...]:
        """Return the messages of the errors, in their order."""
        return tuple(refusal.message for refusal in self.refusals)

    def _on_diagnostic(self, said: DiagnosticEvent) -> None:
        if said.severity == "error":
            self.refusals.append(Refusal(plain(said.message).strip(), said.urn or ""))
        elif said.severity == "warning" and _PENDING in said.message:
            self.has_pending = True

    def _on_begun(self, step: StepEventMetadata) -> None:
        if step.op in _DOING:
            self.reports.now(f"{_DOING[step.op]} {_short_name(step.urn)}")
        if step.op == OpType.REFRESH:
            self._looked_at.add(step.urn)
        elif change := changed(step):
            self.planned[change.urn] = change
        elif same := kept(step):
            self.kept[same.urn] = same
        if step.op in _CREATING and (new := step.new):
            self.creating[step.urn] = Creation(
                urn=step.urn, type=step.type, parent=new.parent or "", provider=new.provider or ""
            )

    def _on_done(self, step: StepEventMetadata) -> None:
        if step.op in _DONE:
            self.reports.now(f"{_DONE[step.op]} {_short_name(step.urn)}")
        if step.urn in self.planned:
            self.done[step.urn] = self.planned[step.urn]
        elif step.urn in self._looked_at and (change := _found(step)):
            self.found[step.urn] = change


def changed(step: StepEventMetadata) -> ResourceChange | None:
    """Return what a step changes; None where it changes nothing.

    A replacement comes as three steps, of which the one named so is taken. The stack itself and the engine's own
    providers are no resources of anybody.
    """
    if step.op not in _CHANGING or step.type.startswith(("pulumi:pulumi:", "pulumi:providers:")):
        return None
    action = _CHANGING[step.op]
    return ResourceChange(
        urn=step.urn,
        action=action,
        before=None if action is Action.CREATE else _inputs(step.old),
        after=None if action is Action.DELETE else _inputs(step.new),
        paths=tuple(sorted(step.detailed_diff or step.diffs or ())),
        forces=tuple(sorted(step.keys or ())) if action is Action.REPLACE else (),
    )


def _found(step: StepEventMetadata) -> ResourceChange | None:
    """Return what a refresh found; None where it is what the state says.

    The inputs that the provider makes of what it found keep the state's `format`, while a policy has come back in the
    one that its outputs tell.
    """
    change = changed(step)
    if change is None or change.after is None or step.new is None:
        return change
    told = {name: value for name, value in (step.new.outputs or {}).items() if name == "format"}
    return significant(change.model_copy(update={"after": {**change.after, **told}}))


def _inputs(state: StepEventStateMetadata | None) -> dict[str, JsonValue] | None:
    return None if state is None else _INPUTS.validate_python(state.inputs or {})


def _short_name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]
