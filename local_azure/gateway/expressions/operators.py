"""The operators: what they may stand between, and what they compute."""

from collections.abc import Callable
from typing import cast

from local_azure.gateway.context import Context
from local_azure.gateway.expressions.compiled import CompiledExpression, Evaluate, accepts
from local_azure.gateway.expressions.errors import ExpressionError
from local_azure.gateway.expressions.types import VALUE_KINDS, Kind
from local_azure.gateway.expressions.values import to_text

_ORDER: dict[str, Callable[[int, int], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
_PRINTABLE = VALUE_KINDS | {Kind.STRING, Kind.OBJECT, Kind.NULL}
_COMPARABLE = VALUE_KINDS | {Kind.STRING}


def binary(operator: str, left: CompiledExpression, right: CompiledExpression) -> CompiledExpression:
    """Compile `left operator right`.

    Raises `ExpressionError` when the operator cannot stand between the types.
    """
    first, second = left.evaluate, right.evaluate
    match operator:
        case "&&" if left.kind is right.kind is Kind.BOOL:
            return CompiledExpression(Kind.BOOL, lambda context: first(context) and second(context))
        case "||" if left.kind is right.kind is Kind.BOOL:
            return CompiledExpression(Kind.BOOL, lambda context: first(context) or second(context))
        case "==" | "!=" if _are_comparable(left.kind, right.kind):
            return _equality(first, second, equal=operator == "==")
        case "??" if left.kind not in VALUE_KINDS and (
            accepts(left.kind, right.kind) or left.kind is Kind.NULL
        ):
            return _coalesce(left, right)
        case "+":
            return _plus(left, right)
        case "<" | ">" | "<=" | ">=" if left.kind is right.kind is Kind.INT:
            order = _ORDER[operator]
            return CompiledExpression(
                Kind.BOOL, lambda context: order(cast("int", first(context)), cast("int", second(context)))
            )
    raise ExpressionError(
        f"Operator '{operator}' cannot be applied to operands of type '{left.kind}' and '{right.kind}'"
        + _remedy(left.kind, right.kind)
    )


def _remedy(*kinds: Kind) -> str:
    if Kind.OBJECT in kinds:
        return '; cast the object first, as (string)context.Variables["name"]'
    if kinds[0] in _PRINTABLE and Kind.STRING in kinds:
        return "; ToString() makes the other operand a string"
    return ""


def _are_comparable(left: Kind, right: Kind) -> bool:
    if Kind.NULL in (left, right):
        return not {left, right} & VALUE_KINDS
    return left is right and left in _COMPARABLE


def _equality(first: Evaluate, second: Evaluate, *, equal: bool) -> CompiledExpression:
    return CompiledExpression(Kind.BOOL, lambda context: (first(context) == second(context)) is equal)


def _coalesce(left: CompiledExpression, right: CompiledExpression) -> CompiledExpression:
    first, second = left.evaluate, right.evaluate

    def evaluate(context: Context) -> object:
        value = first(context)
        return second(context) if value is None else value

    return CompiledExpression(right.kind if left.kind is Kind.NULL else left.kind, evaluate)


def _plus(left: CompiledExpression, right: CompiledExpression) -> CompiledExpression:
    first, second = left.evaluate, right.evaluate
    if left.kind is right.kind is Kind.INT:
        return CompiledExpression(
            Kind.INT, lambda context: cast("int", first(context)) + cast("int", second(context))
        )
    if Kind.STRING in (left.kind, right.kind) and {left.kind, right.kind} <= _PRINTABLE:
        return CompiledExpression(
            Kind.STRING, lambda context: to_text(first(context)) + to_text(second(context))
        )
    raise ExpressionError(
        f"Operator '+' cannot be applied to operands of type '{left.kind}' and '{right.kind}'"
    )


def negate(operand: CompiledExpression) -> CompiledExpression:
    """Compile `!operand`."""
    if operand.kind is not Kind.BOOL:
        raise ExpressionError(f"Operator '!' cannot be applied to an operand of type '{operand.kind}'")
    evaluate = operand.evaluate
    return CompiledExpression(Kind.BOOL, lambda context: not evaluate(context))


def conditional(
    test: CompiledExpression, then: CompiledExpression, otherwise: CompiledExpression
) -> CompiledExpression:
    """Compile `test ? then : otherwise`; both results are of one type, or one is null."""
    if test.kind is not Kind.BOOL:
        raise ExpressionError(f"the condition before '?' is a {test.kind}; it must be a {Kind.BOOL}")
    if not accepts(then.kind, otherwise.kind) and not accepts(otherwise.kind, then.kind):
        raise ExpressionError(
            f"both sides of ':' must be of one type; they are '{then.kind}' and '{otherwise.kind}'"
        )
    choose, first, second = test.evaluate, then.evaluate, otherwise.evaluate
    kind = otherwise.kind if then.kind is Kind.NULL else then.kind
    return CompiledExpression(kind, lambda context: first(context) if choose(context) else second(context))
