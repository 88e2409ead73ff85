"""What Azure has that the state does not know: stack by stack, as the issue of a nightly run tells it."""

from collections.abc import Iterable

from delivery.drift.reporting import of_stack
from delivery.report.details import summary_of
from delivery.report.fitting import Block, Part
from delivery.report.markdown import code, text
from delivery.report.stacks import Stack

_RANK = 1  # it is all that there is to say


def drifts(stacks: Iterable[Stack]) -> Part:
    """Return what differs, with who should look and what brings it back."""
    return Part("", tuple(_stack(stack) for stack in stacks if stack.changes))


def _stack(stack: Stack) -> Block:
    shown = stack.record.model_copy(update={"changes": tuple(safe.change for safe in stack.changes)})
    short = f"- {code(str(shown.stack))}: {text(summary_of(stack))}"
    return Block(("\n\n".join(of_stack(shown, stack.environment)), short), _RANK)
