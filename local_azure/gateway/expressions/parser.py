"""A Pratt parser: tokens to a syntax tree."""

from local_azure.gateway.expressions.errors import ExpressionError
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
from local_azure.gateway.expressions.tokens import Lexeme, Token, tokenize, unescape
from local_azure.gateway.expressions.types import CASTS

BINDING = {"?": 1, "??": 2, "||": 3, "&&": 4, "==": 5, "!=": 5, "<": 6, ">": 6, "<=": 6, ">=": 6, "+": 7}
"""The infix operators of the subset and how tightly they bind, C#'s order."""

_RIGHT_TO_LEFT = frozenset({"?", "??"})
_UNARY = 9
_LITERALS = {"true": True, "false": False, "null": None}


def parse_expression(text: str) -> Node:
    """Parse the text inside `@( )`; raise `ExpressionError` when it is not an expression of the subset."""
    parser = _Parser(tokenize(text))
    node = parser.expression(0)
    parser.expect_end()
    return node


class _Parser:
    def __init__(self, lexemes: list[Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0

    def expression(self, binding: int) -> Node:
        left = self._prefix()
        while True:
            lexeme = self._peek()
            power = BINDING.get(lexeme.value, 0) if lexeme.token is Token.SYMBOL else 0
            if power <= binding:
                return left
            self._next()
            inner = power - 1 if lexeme.value in _RIGHT_TO_LEFT else power
            left = self._infix(lexeme.value, left, inner)

    def expect_end(self) -> None:
        lexeme = self._peek()
        if lexeme.token is not Token.END:
            raise ExpressionError(
                f"{_shown(lexeme)} at character {lexeme.position + 1} is not expected there; "
                f"the local gateway knows the operators ! {' '.join(BINDING)}"
            )

    def _infix(self, operator: str, left: Node, binding: int) -> Node:
        if operator != "?":
            return Binary(operator, left, self.expression(binding))
        then = self.expression(0)
        self._expect(":")
        return Conditional(left, then, self.expression(binding))

    def _prefix(self) -> Node:  # noqa: PLR0911 - one return per kind of token
        lexeme = self._next()
        match lexeme.token:
            case Token.INTEGER:
                return self._postfix(Literal(int(lexeme.value)))
            case Token.STRING:
                return self._postfix(Literal(lexeme.value))
            case Token.INTERPOLATED:
                return self._postfix(_interpolation(lexeme.value))
            case Token.NAME if lexeme.value in _LITERALS:
                return self._postfix(Literal(_LITERALS[lexeme.value]))
            case Token.NAME:
                return self._postfix(Name(lexeme.value))
        if lexeme.value == "!":
            return Unary("!", self.expression(_UNARY))
        if lexeme.value == "(":
            return self._parenthesis()
        raise ExpressionError(
            f"a value is expected, not {_shown(lexeme)}, at character {lexeme.position + 1}"
        )

    def _parenthesis(self) -> Node:
        first, second = self._peek(), self._peek(1)
        if first.value in CASTS and first.token is Token.NAME and second.value == ")":
            self._at += 2
            return Cast(first.value, self.expression(_UNARY))
        inner = self.expression(0)
        self._expect(")")
        return self._postfix(inner)

    def _postfix(self, node: Node) -> Node:
        while self._peek().token is Token.SYMBOL:
            match self._peek().value:
                case "." | "?.":
                    conditional = self._next().value == "?."
                    node = self._member(node, conditional=conditional)
                case "[":
                    self._next()
                    node = Index(node, self.expression(0))
                    self._expect("]")
                case _:
                    return node
        return node

    def _member(self, target: Node, *, conditional: bool) -> Node:
        name = self._next()
        if name.token is not Token.NAME:
            raise ExpressionError(f"a member's name is expected after '.', not {_shown(name)}")
        member = Member(target, name.value, conditional)
        generic = self._generic()
        if not self._take("("):
            return member
        arguments: list[Node] = []
        while not self._take(")"):
            if arguments:
                self._expect(",")
            arguments.append(self.expression(0))
        return Call(member, tuple(arguments), generic)

    def _generic(self) -> str | None:
        shape = [self._peek(offset) for offset in range(4)]
        if [shape[0].value, shape[2].value, shape[3].value] != ["<", ">", "("] or shape[
            1
        ].token is not Token.NAME:
            return None
        self._at += 3
        return shape[1].value

    def _peek(self, offset: int = 0) -> Lexeme:
        return self._lexemes[min(self._at + offset, len(self._lexemes) - 1)]

    def _next(self) -> Lexeme:
        lexeme = self._peek()
        self._at += 1
        return lexeme

    def _take(self, symbol: str) -> bool:
        found = self._peek().token is Token.SYMBOL and self._peek().value == symbol
        self._at += found
        return found

    def _expect(self, symbol: str) -> None:
        if not self._take(symbol):
            lexeme = self._peek()
            raise ExpressionError(
                f"'{symbol}' is expected, not {_shown(lexeme)}, at character {lexeme.position + 1}"
            )


def _shown(lexeme: Lexeme) -> str:
    return lexeme.value if lexeme.token is Token.END else f"'{lexeme.value}'"


def _interpolation(content: str) -> Node:
    """Split `text {expression} text`; a doubled brace stands for itself."""
    parts: list[Node] = []
    text = ""
    position = 0
    while position < len(content):
        character = content[position]
        if character in "{}" and content[position : position + 2] == character * 2:
            text += character
            position += 2
        elif character == "{":
            end = content.find("}", position)
            if end < 0:
                raise ExpressionError("an interpolated string has '{' without '}'")
            parts += [Literal(unescape(text)), parse_expression(content[position + 1 : end])]
            text, position = "", end + 1
        elif character == "}":
            raise ExpressionError("an interpolated string has '}' without '{'")
        else:
            text += character
            position += 1
    return Interpolation((*parts, Literal(unescape(text))))
