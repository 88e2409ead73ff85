"""What is done after an attempt to update a stack has failed: waiting, taking over, or giving up."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pulumi.automation.errors import CommandError
from pydantic import JsonValue

from delivery import transient
from delivery.adoption import Creation, Found, command, unfinished
from delivery.errors import essential, existing
from delivery.listener import Listener, Refusal
from delivery.stacks import StackId
from delivery.transient import Patience

Export = Callable[[], Mapping[str, JsonValue]]
"""Gives the stack's latest deployment."""


@dataclass
class Persistence:
    """Decides after each failed attempt; knows what the attempts before were doing."""

    stack: StackId
    listener: Listener
    stop: threading.Event
    patience: Patience = field(default_factory=Patience)
    cut_off: dict[str, Creation] = field(default_factory=dict)
    """By URN: what an attempt was creating when Azure's answer failed to come, or told of a failure that passes."""
    adopted: set[str] = field(default_factory=set)

    def after(self, error: CommandError, export: Export) -> Found:
        """Return what to take over before the next attempt, which may begin now: this has waited.

        Raises `error` where there is none: something failed that does not pass, or too often, or the delivery stops.
        """
        refusals = self._refusals(error)
        self._remember(refusals)
        found = self._ours(refusals, export)
        taken = {creation.urn for creation, _ in found}
        self.adopted |= taken
        rest = [refusal.message for refusal in refusals if refusal.urn not in taken]
        if rest:
            self._wait(rest, error)
        if self.stop.is_set():
            raise error
        return found

    def _refusals(self, error: CommandError) -> list[Refusal]:
        """Return what the engine refused, or what the CLI wrote where the engine did not come to say anything."""
        telling = set(essential(self.listener.errors))
        said = [refusal for refusal in self.listener.refusals if refusal.message in telling]
        return said or [Refusal(str(error))]

    def _remember(self, refusals: list[Refusal]) -> None:
        for refusal in refusals:
            if refusal.urn in self.listener.creating and transient.passes([refusal.message]):
                self.cut_off[refusal.urn] = self.listener.creating[refusal.urn]

    def _ours(self, refusals: list[Refusal], export: Export) -> Found:
        """Return what exists already and was begun by this update, or by one that was killed; each only once."""
        there = {refusal.urn: arm_id for refusal in refusals if (arm_id := existing(refusal.message))}
        if not there:
            return ()
        ours = {**unfinished(export()).creations, **self.cut_off}
        return tuple(
            (ours[urn], arm_id) for urn, arm_id in there.items() if urn in ours and urn not in self.adopted
        )

    def _wait(self, messages: list[str], error: CommandError) -> None:
        if not transient.passes(messages):
            raise error
        seconds = self.patience.pause(messages)
        if seconds is None:
            self.listener.reports.remarkable(
                f"gave up after {self.patience.attempts} attempts in which Azure failed: {_short(messages)}"
            )
            raise error
        self.listener.reports.remarkable(f"{_short(messages)}: trying again in {seconds:.0f} s")
        self.stop.wait(seconds)


def commands(stack: StackId, listener: Listener) -> tuple[str, ...]:
    """Return the commands that take into the state what the engine found to exist already."""
    return tuple(
        command(stack, listener.creating[refusal.urn], arm_id)
        for refusal in listener.refusals
        if refusal.urn in listener.creating and (arm_id := existing(refusal.message))
    )


def _short(messages: list[str]) -> str:
    """Return the first message, short enough for one line of a terminal."""
    return messages[0].strip().splitlines()[-1].strip()[:160]
