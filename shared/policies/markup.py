"""Cutting the text of a document into markup, literals and expressions.

XML cannot be parsed before `rawxml` is made well-formed, and that needs to know where its expressions are.
The pieces joined again are the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from shared.azure.policy_statements import PolicyContentFormat
from shared.policies.csharp import end_of_expression
from shared.policies.errors import PolicyError
from shared.policies.values import EXPRESSION_STARTS

_TAG = re.compile(r"<[^\s/>]*")
_ATTRIBUTE = re.compile(r"""\s*[^\s=/>"'<]+\s*=\s*["']""")
_SPACE = re.compile(r"\s*")
_OPAQUE = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("</", ">"))


class Kind(Enum):
    """What a piece of a document is."""

    MARKUP = auto()
    """Tags, quotes, comments and CDATA."""
    TAG = auto()
    """The beginning of a start tag, with its name."""
    LITERAL = auto()
    """A text or the value of an attribute, or part of one."""
    ATTRIBUTE_EXPRESSION = auto()
    """A policy expression in an attribute of a `rawxml` document."""
    TEXT_EXPRESSION = auto()
    """A policy expression in an element of a `rawxml` document."""


@dataclass(frozen=True)
class Piece:
    """A part of the text of a document."""

    kind: Kind
    text: str
    line: int
    """Where it begins, counted from 1."""


def pieces(xml: str, content_format: PolicyContentFormat) -> Iterator[Piece]:
    """Cut a document into pieces; PolicyError for markup that never ends and for a document type."""
    line = 1
    for kind, text in _Cutter(xml, raw=content_format is PolicyContentFormat.RAWXML).document():
        yield Piece(kind, text, line)
        line += text.count("\n")


class _Cutter:
    """Reads a document from its beginning to its end."""

    def __init__(self, xml: str, *, raw: bool) -> None:
        self._xml = xml
        self._raw = raw
        self._position = 0

    def document(self) -> Iterator[tuple[Kind, str]]:
        while self._position < len(self._xml):
            if self._xml[self._position] == "<":
                yield from self._markup()
            else:
                yield from self._value("<", Kind.TEXT_EXPRESSION)

    def _markup(self) -> Iterator[tuple[Kind, str]]:
        for opening, closing in _OPAQUE:
            if self._xml.startswith(opening, self._position):
                yield Kind.MARKUP, self._take_through(closing, self._position + len(opening))
                return
        if self._xml.startswith("<!", self._position):
            raise self._error("a policy document has no document type: leave out <!DOCTYPE>")
        yield from self._start_tag()

    def _start_tag(self) -> Iterator[tuple[Kind, str]]:
        yield Kind.TAG, self._take(self._end_of(_TAG))
        while (end := self._end_of(_ATTRIBUTE)) > self._position:
            yield Kind.MARKUP, self._take(end)
            quote = self._xml[end - 1]
            yield from self._value(quote, Kind.ATTRIBUTE_EXPRESSION)
            yield Kind.MARKUP, self._take_through(quote, self._position)
        yield Kind.MARKUP, self._take_through(">", self._position)

    def _value(self, terminator: str, expression: Kind) -> Iterator[tuple[Kind, str]]:
        start = self._end_of(_SPACE)
        if self._raw and self._xml.startswith(EXPRESSION_STARTS, start):
            yield Kind.LITERAL, self._take(start)
            end = end_of_expression(self._xml, start)
            if end is None:
                raise self._error(
                    "the policy expression that begins here does not end: close its brackets and strings, "
                    "and write its C# unescaped, because escaped C# belongs in a document of the format xml",
                )
            yield expression, self._take(end)
        end = self._xml.find(terminator, self._position)
        yield Kind.LITERAL, self._take(len(self._xml) if end < 0 else end)

    def _end_of(self, pattern: re.Pattern[str]) -> int:
        """Return where the pattern ends that begins here, or here."""
        match = pattern.match(self._xml, self._position)
        return self._position if match is None else match.end()

    def _take(self, end: int) -> str:
        """Return the text up to a position and move there."""
        text = self._xml[self._position : end]
        self._position = end
        return text

    def _take_through(self, closing: str, start: int) -> str:
        """Return the text through the next `closing` from `start` on."""
        end = self._xml.find(closing, start)
        if end < 0:
            raise self._error(f"the markup that begins here has no closing {closing}: add it")
        return self._take(end + len(closing))

    def _error(self, message: str) -> PolicyError:
        return PolicyError(message, line=self._xml.count("\n", 0, self._position) + 1)
