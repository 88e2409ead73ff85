"""The tokenizer: expression text to tokens."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from local_azure.gateway.expressions.errors import ExpressionError


class Token(Enum):
    """What a lexeme is."""

    INTEGER = auto()
    STRING = auto()
    INTERPOLATED = auto()
    NAME = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One token: `value` is a string literal's content, else the text as written."""

    token: Token
    value: str
    position: int
    """Offset in the expression's text."""


_SYMBOLS = ("??", "?.", "==", "!=", "<=", ">=", "&&", "||", *"+-*/%!<>?:().,[]")
_PATTERN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<interpolated>\$"(?:\\.|[^"\\])*")
      | (?P<verbatim>@"(?:""|[^"])*")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<integer>\d+(?![\w.]))
      | (?P<name>[A-Za-z_]\w*)
      | (?P<symbol>"""
    + "|".join(re.escape(symbol) for symbol in _SYMBOLS)
    + ")",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", '"': '"', "\\": "\\", "'": "'"}


def tokenize(text: str) -> list[Lexeme]:
    """Split an expression into tokens, the last of which is `END`.

    Raises `ExpressionError` at a character that starts no token.
    """
    lexemes: list[Lexeme] = []
    position = 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:
            raise ExpressionError(
                f"'{text[position]}' at character {position + 1} starts nothing that is known"
            )
        lexeme = _lexeme(match)
        if lexeme is not None:
            lexemes.append(lexeme)
        position = match.end()
    lexemes.append(Lexeme(Token.END, "the end", len(text)))
    return lexemes


def _lexeme(match: re.Match[str]) -> Lexeme | None:  # noqa: PLR0911 - one return per kind of token
    text, position = match.group(), match.start()
    match match.lastgroup:
        case "space":
            return None
        case "interpolated":
            return Lexeme(Token.INTERPOLATED, text[2:-1], position)
        case "verbatim":
            return Lexeme(Token.STRING, text[2:-1].replace('""', '"'), position)
        case "string":
            return Lexeme(Token.STRING, unescape(text[1:-1]), position)
        case "integer":
            return Lexeme(Token.INTEGER, text, position)
        case "name":
            return Lexeme(Token.NAME, text, position)
        case _:
            return Lexeme(Token.SYMBOL, text, position)


def unescape(content: str) -> str:
    r"""Resolve the escapes of a regular string literal: `\"`, `\\`, `\n`, `\u0041` and their like."""

    def one(match: re.Match[str]) -> str:
        escape = match.group(1)
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        if escape not in _ESCAPES:
            known = ", ".join(f"\\{name}" for name in _ESCAPES)
            raise ExpressionError(
                f"'\\{escape}' is no escape sequence in a string; known are {known} and \\uXXXX"
            )
        return _ESCAPES[escape]

    return _ESCAPE.sub(one, content)
