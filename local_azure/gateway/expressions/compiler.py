"""Compiles a syntax tree to one Python closure and its static type."""

from functools import lru_cache

from local_azure.gateway.context import Context
from local_azure.gateway.expressions import operators
from local_azure.gateway.expressions.compiled import CompiledExpression, Evaluate, accepts
from local_azure.gateway.expressions.errors import NULL_REFERENCE, EvaluationError, ExpressionError
from local_azure.gateway.expressions.members import INDEXERS, MEMBERS, ROOTS, KnownMember, members_of
from local_azure.gateway.expressions.parser import parse_expression
from local_azure.gateway.expressions.syntax import (
    Binary,
    Call,
    Cast,
    Conditional,
    Index,
    Interpolation,
    Literal,
    Member,
    Name,
    Node,
    Unary,
)
from local_azure.gateway.expressions.types import CASTS, VALUE_KINDS, Kind
from local_azure.gateway.expressions.values import cast_value, kind_of


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> CompiledExpression:
    """Compile the text inside `@( )`.

    Raises `ExpressionError`, a sentence without the place of the expression.
    """
    return _compile(parse_expression(text))


def _compile(node: Node) -> CompiledExpression:  # noqa: PLR0911, C901 - one branch per kind of node
    match node:
        case Literal(value):
            kind = Kind.NULL if value is None else kind_of(value)
            return CompiledExpression(kind, lambda _: value)
        case Name(name):
            return _root(name)
        case Member():
            return _access(node, None, None)
        case Call(method, arguments, generic):
            return _access(method, tuple(_compile(argument) for argument in arguments), generic)
        case Index(target, index):
            return _index(_compile(target), _compile(index))
        case Cast(type_name, operand):
            return _cast(type_name, _compile(operand))
        case Unary(_, operand):
            return operators.negate(_compile(operand))
        case Binary(operator, left, right):
            return operators.binary(operator, _compile(left), _compile(right))
        case Conditional(test, then, otherwise):
            return operators.conditional(_compile(test), _compile(then), _compile(otherwise))
        case Interpolation(parts):
            texts = [_compile(part) for part in parts]
            return CompiledExpression(
                Kind.STRING, lambda context: "".join(text.text(context) for text in texts)
            )


def _root(name: str) -> CompiledExpression:
    kind = ROOTS.get(name)
    if kind is None:
        raise ExpressionError(
            f"The name '{name}' does not exist in the current context; "
            f"the local gateway knows {', '.join(ROOTS)}"
        )
    return CompiledExpression(kind, lambda context: context)


def _access(
    member: Member, arguments: tuple[CompiledExpression, ...] | None, generic: str | None
) -> CompiledExpression:
    target = _compile(member.target)
    known = MEMBERS.get((target.kind, member.name))
    if known is None:
        raise ExpressionError(
            f"'{target.kind}' does not contain a definition for '{member.name}' that the local gateway "
            f"knows; it knows {members_of(target.kind)}"
        )
    result = _result(known, generic)
    _check_arguments(known, arguments, result)
    evaluate = _bind(target, known, arguments or (), null_conditional=member.conditional)
    if known.generic:
        return CompiledExpression(result, _casting(evaluate, result))
    return CompiledExpression(_lifted(result, member), evaluate)


def _lifted(result: Kind, member: Member) -> Kind:
    if member.conditional and result in VALUE_KINDS:
        raise ExpressionError(
            f"'?.{member.name}' would be a nullable {result}, which the local gateway does not know; "
            "test the value before the dot with '!= null' instead"
        )
    return result


def _result(known: KnownMember, generic: str | None) -> Kind:
    if known.generic and generic not in CASTS:
        raise ExpressionError(f"{known.signature()} needs a type between angle brackets: {', '.join(CASTS)}")
    if not known.generic and generic is not None:
        raise ExpressionError(f"{known.signature()} takes no type between angle brackets")
    return CASTS[generic] if generic is not None else known.result


def _check_arguments(
    known: KnownMember, arguments: tuple[CompiledExpression, ...] | None, result: Kind
) -> None:
    if known.parameters is None and arguments is None:
        return
    parameters = known.parameters
    if parameters is None or arguments is None:
        what = "a property, without parentheses" if parameters is None else "a method, with parentheses"
        raise ExpressionError(f"{known.signature()} is {what}")
    if not len(parameters) - known.optional <= len(arguments) <= len(parameters):
        raise ExpressionError(f"{known.signature()} does not take {len(arguments)} arguments")
    for parameter, argument in zip(parameters, arguments, strict=False):
        wanted = result if parameter is Kind.OBJECT else parameter
        if not accepts(wanted, argument.kind):
            raise ExpressionError(
                f"{known.signature()} cannot take a {argument.kind} where it wants a {wanted}"
            )


def _bind(
    target: CompiledExpression,
    known: KnownMember,
    arguments: tuple[CompiledExpression, ...],
    *,
    null_conditional: bool,
) -> Evaluate:
    owner, apply, values = target.evaluate, known.evaluate, [argument.evaluate for argument in arguments]

    def evaluate(context: Context) -> object:
        subject = owner(context)
        if subject is None:
            if null_conditional:
                return None
            raise EvaluationError(NULL_REFERENCE)
        return apply(subject, *[value(context) for value in values])

    return evaluate


def _casting(evaluate: Evaluate, kind: Kind) -> Evaluate:
    def cast(context: Context) -> object:
        value = evaluate(context)
        return None if value is None and kind is Kind.STRING else cast_value(value, kind)

    return cast


def _cast(type_name: str, operand: CompiledExpression) -> CompiledExpression:
    kind = CASTS[type_name]
    if operand.kind is kind:
        return operand
    if operand.kind is not Kind.OBJECT:
        raise ExpressionError(f"a {operand.kind} cannot be cast to {type_name}; ToString() makes it a string")
    return CompiledExpression(kind, _casting(operand.evaluate, kind))


def _index(target: CompiledExpression, index: CompiledExpression) -> CompiledExpression:
    known = INDEXERS.get(target.kind)
    if known is None:
        shown = ", ".join(f"{kind}[string]" for kind in INDEXERS)
        raise ExpressionError(f"a {target.kind} cannot be indexed here; the local gateway knows {shown}")
    if index.kind is not Kind.STRING:
        raise ExpressionError(f"{target.kind} is indexed with a string, not a {index.kind}")
    kind, item = known
    owner, key = target.evaluate, index.evaluate
    return CompiledExpression(kind, lambda context: item(owner(context), key(context)))
