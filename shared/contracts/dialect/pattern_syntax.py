"""The part of regular expressions that engines agree on, as a tree."""

import re
from dataclasses import dataclass
from typing import TypeAlias

_LAST = 0x10FFFF
Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Code points, from the first to the last of each range."""

_BEYOND_ASCII = (0x80, _LAST)
_ESCAPED_CLASSES: dict[str, Ranges] = {
    "d": ((0x30, 0x39), _BEYOND_ASCII),
    "w": ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), _BEYOND_ASCII),
    "s": ((0x09, 0x0D), (0x1C, 0x20), _BEYOND_ASCII),
}
_ESCAPED_CHARACTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_PUNCTUATION = frozenset(r"\^$.*+?()[]{}|/-,:;=!<>@#%&'\"~`_ ")
_BOUNDS = re.compile(r"\{(?P<least>\d{1,4})(?P<comma>,(?P<most>\d{1,4})?)?\}")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_DEEPEST = 20


class UnknownSyntaxError(ValueError):
    """A pattern uses what engines differ in; the text is a phrase that says what."""


@dataclass(frozen=True)
class Characters:
    """One character of a set."""

    ranges: Ranges


@dataclass(frozen=True)
class Sequence:
    """One part after the other."""

    parts: tuple["Part", ...]


@dataclass(frozen=True)
class Choice:
    """One of several parts."""

    parts: tuple["Part", ...]


@dataclass(frozen=True)
class Repeat:
    """A part several times; ``most`` is None where there is no limit."""

    part: "Part"
    least: int
    most: int | None


Part: TypeAlias = Characters | Sequence | Choice | Repeat


@dataclass(frozen=True)
class Branch:
    """One alternative of a whole pattern."""

    part: Sequence
    from_start: bool
    """Whether it begins with `^`."""
    to_end: bool
    """Whether it ends with `$`."""


def parsed(pattern: str) -> tuple[Branch, ...]:
    """Return the alternatives of a pattern. Raises UnknownSyntaxError for what engines differ in."""
    return _Reader(pattern).branches()


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    def branches(self) -> tuple[Branch, ...]:
        found = [self._branch()]
        while self._take("|"):
            found.append(self._branch())
        if self._at < len(self._pattern):
            raise UnknownSyntaxError("it closes a group that it has not opened")
        return tuple(found)

    def _branch(self) -> Branch:
        from_start = self._take("^")
        part = self._sequence()
        return Branch(part, from_start, self._take("$"))

    def _sequence(self) -> Sequence:
        parts: list[Part] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)$":
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _repeated(self, part: Part) -> Part:
        bounds = self._bounds()
        if bounds is None:
            return part
        self._take("?")  # lazy: finds the same texts
        if self._peek() in ("*", "+", "?", "{"):
            raise UnknownSyntaxError("it repeats a repetition")
        return Repeat(part, *bounds)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return bounds
        if self._peek() != "{":
            return None
        match = _BOUNDS.match(self._pattern, self._at)
        if match is None:
            raise UnknownSyntaxError("it has a brace that is no number of repetitions")
        self._at = match.end()
        least = int(match["least"])
        if match["comma"] is None:
            return least, least
        most = None if match["most"] is None else int(match["most"])
        if most is not None and most < least:
            raise UnknownSyntaxError("it repeats at most fewer times than at least")
        return least, most

    def _atom(self) -> Part:
        character = self._next()
        match character:
            case "(":
                return self._group()
            case "[":
                return Characters(self._class())
            case ".":
                return Characters(((0, 0x09), (0x0B, _LAST)))
            case "\\":
                return Characters(self._escape())
            case "^":
                raise UnknownSyntaxError("it has ^ in its middle")
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise UnknownSyntaxError(f"it has {character} where a character is expected")
        return Characters(_one(character))

    def _group(self) -> Part:
        if self._take("?") and not self._take(":"):
            raise UnknownSyntaxError("it uses a group with (?, in which engines differ")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnknownSyntaxError("its groups are nested too deeply")
        parts: list[Part] = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        if not self._take(")"):
            raise UnknownSyntaxError("it leaves a group open, or has $ in its middle")
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _escape(self) -> Ranges:
        character = self._next()
        if character in _ESCAPED_CLASSES:
            return _ESCAPED_CLASSES[character]
        if character in _ESCAPED_CHARACTERS:
            return _one(_ESCAPED_CHARACTERS[character])
        if character in _PUNCTUATION:
            return _one(character)
        match = _HEX.match(self._pattern, self._at - 1)
        if match is None:
            raise UnknownSyntaxError(f"it uses \\{character}, in which engines differ")
        self._at = match.end()
        return _one(chr(int(match[1] or match[2], 16)))

    def _class(self) -> Ranges:
        negated = self._take("^")
        found: list[tuple[int, int]] = []
        while not self._take("]"):
            if negated and self._peek() == "\\" and self._pattern[self._at + 1 : self._at + 2] in (*"dws",):
                raise UnknownSyntaxError("it excludes a class of characters, in which engines differ")
            found += self._class_item()
        if not found:
            raise UnknownSyntaxError("it has an empty set of characters")
        return _complement(found) if negated else tuple(found)

    def _class_item(self) -> Ranges:
        first = self._class_character()
        if self._peek() != "-" or self._pattern[self._at + 1 : self._at + 2] == "]":
            return first
        self._next()
        last = self._class_character()
        if len(first) != 1 or len(last) != 1 or first[0][0] > last[0][0]:
            raise UnknownSyntaxError("it has a range of characters without a beginning or an end")
        return ((first[0][0], last[0][0]),)

    def _class_character(self) -> Ranges:
        character = self._next()
        if character == "\\":
            return self._escape()
        if character == "[" or (character in "&|~-" and self._peek() == character):
            raise UnknownSyntaxError(f"it has {character} in a set of characters, in which engines differ")
        return _one(character)

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self._at += 1
        return True

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise UnknownSyntaxError("it ends too early")
        self._at += 1
        return character


def _one(character: str) -> Ranges:
    return ((ord(character), ord(character)),)


def _complement(ranges: list[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    start = 0
    for first, last in sorted(ranges):
        if first > start:
            found.append((start, first - 1))
        start = max(start, last + 1)
    if start <= _LAST:
        found.append((start, _LAST))
    return tuple(found)
