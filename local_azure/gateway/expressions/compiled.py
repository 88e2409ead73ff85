"""What compiling an expression gives."""

from collections.abc import Callable
from dataclasses import dataclass

from local_azure.gateway.context import Context
from local_azure.gateway.expressions.types import VALUE_KINDS, Kind
from local_azure.gateway.expressions.values import to_text

Evaluate = Callable[[Context], object]


@dataclass(frozen=True, slots=True)
class CompiledExpression:
    """A checked expression: its static type and what computes its value."""

    kind: Kind
    evaluate: Evaluate
    """Raises `EvaluationError`."""

    def text(self, context: Context) -> str:
        """Evaluate and convert to text; null is the empty string."""
        return to_text(self.evaluate(context))


def accepts(wanted: Kind, given: Kind) -> bool:
    """Tell whether a value of one type can stand where another is wanted, without a cast."""
    return wanted is given or (given is Kind.NULL and wanted not in VALUE_KINDS)
