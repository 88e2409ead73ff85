"""A compiled statement, and how the values in statements become closures."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError
from local_azure.gateway.expressions import EvaluationError, ExpressionError, Kind, compile_expression
from local_azure.gateway.expressions.values import to_text
from local_azure.gateway.messages import Headers
from shared.azure.policy_statements import Scope, Section
from shared.policies import Expression, PolicyError, Statement

Run = Callable[[Context], Awaitable[None] | None]
"""Executes a statement for one request; raises `GatewayError` to end the request."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, ready to run, and where it stands."""

    element: str
    scope: Scope
    section: Section
    run: Run


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands in a document: what a builder needs to know beside the statement."""

    statement: Statement
    scope: Scope
    section: Section

    def error(self, message: str) -> PolicyError:
        """Make the error of a statement that cannot be executed, in the service's form."""
        element, line = self.statement.element, self.statement.line
        return PolicyError(f"Error in element '{element}': {message}", line=line, element=element)

    def headers(self, context: Context) -> Headers:
        """Return the headers that a statement here changes: the request's before the backend answers."""
        if self.section in (Section.INBOUND, Section.BACKEND) or context.response is None:
            return context.request.headers
        return context.response.headers


TEXTS = frozenset({Kind.STRING, Kind.OBJECT, Kind.GUID, Kind.NULL})
"""Types of expression that an attribute or element which is text may have."""

ANY_VALUE = TEXTS | {Kind.INT, Kind.BOOL}
"""Types of expression that a variable may have."""


def text_of(value: str | Expression, place: Place) -> Callable[[Context], str]:
    """Compile a value that is text; null is the empty string."""
    if not isinstance(value, Expression):
        return lambda _: value
    evaluate = value_of(value, place, TEXTS)
    return lambda context: to_text(evaluate(context))


def number_of(value: int | Expression, place: Place) -> Callable[[Context], int]:
    """Compile a value that is a whole number."""
    if not isinstance(value, Expression):
        return lambda _: value
    evaluate = value_of(value, place, frozenset({Kind.INT}))
    return lambda context: cast("int", evaluate(context))


def truth_of(value: bool | Expression, place: Place) -> Callable[[Context], bool]:  # noqa: FBT001 - a statement's field
    """Compile a value that is true or false."""
    if not isinstance(value, Expression):
        return lambda _: value
    evaluate = value_of(value, place, frozenset({Kind.BOOL}))
    return lambda context: cast("bool", evaluate(context))


def value_of(expression: Expression, place: Place, allowed: frozenset[Kind]) -> Callable[[Context], object]:
    """Compile an expression whose type is one of `allowed`.

    Raises `PolicyError` when it is outside the subset. On a request the closure raises `GatewayError` 500
    when the expression fails, as the service does.
    """
    if expression.multi_statement:
        raise place.error(
            "the local gateway does not run multi-statement expressions, @{...}; write one expression, @(...)"
        )
    try:
        compiled = compile_expression(expression.code)
    except ExpressionError as error:
        raise place.error(f"{error}, in the expression {expression}") from error
    if compiled.kind not in allowed:
        wanted = " or ".join(sorted(allowed - {Kind.NULL}))
        raise place.error(
            f"Expression return type '{compiled.kind}' is not allowed, in the expression {expression}; "
            f"it must be {wanted}" + ("; ToString() makes a string" if Kind.STRING in allowed else "")
        )
    return _guarded(compiled.evaluate)


def _guarded(evaluate: Callable[[Context], object]) -> Callable[[Context], object]:
    def guarded(context: Context) -> object:
        try:
            return evaluate(context)
        except EvaluationError as error:
            raise GatewayError(
                INTERNAL, "ExpressionValueEvaluationFailure", f"Expression evaluation failed. {error}"
            ) from error

    return guarded
