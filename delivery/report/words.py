"""Sentences as parts: words of this project, and what people wrote, which each output has to quote in its own way."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Quoted:
    """A name or value that comes from outside: a path, a header, an expression."""

    text: str


Words: TypeAlias = tuple[str | Quoted, ...]
"""A phrase without a full stop."""

_ARROW = " → "
_NUMBER = re.compile(r"[0-9][0-9.]*")
_PERIODS = ((604_800, "week"), (86_400, "day"), (3_600, "hour"), (60, "minute"))


def say(*parts: "str | Quoted | Words") -> Words:
    """Return one phrase of all parts; empty ones vanish, and neighbouring words become one."""
    joined: list[str | Quoted] = []
    for part in parts:
        for word in part if isinstance(part, tuple) else (part,):
            if isinstance(word, str) and joined and isinstance(joined[-1], str):
                joined[-1] += word
            elif word != "":
                joined.append(word)
    return tuple(joined)


def plain(words: Words) -> str:
    """Return the phrase as a person would type it, without quotes."""
    return "".join(word.text if isinstance(word, Quoted) else word for word in words)


def listed(items: Iterable["str | Quoted | Words"]) -> Words:
    """Return `a, b and c`."""
    phrases = [say(item) for item in items]
    spoken = say()
    for place, phrase in enumerate(phrases):
        joint = "" if place == 0 else " and " if place == len(phrases) - 1 else ", "
        spoken = say(spoken, joint, phrase)
    return spoken


def arrow(before: Words, after: Words) -> Words:
    """Return `before → after`; a unit that both numbers share is said once: `60 → 600 calls per minute`."""
    number, _, unit = plain(before).partition(" ")
    other_number, _, other_unit = plain(after).partition(" ")
    if unit and unit == other_unit and _NUMBER.fullmatch(number) and _NUMBER.fullmatch(other_number):
        return say(number, _ARROW, after)
    return say(before, _ARROW, after)


def per(seconds: int) -> str:
    """Return a period: `per minute`, `per 2 hours`, `per 90 seconds`."""
    if seconds == 1:
        return "per second"
    for length, unit in _PERIODS:
        if seconds >= length and seconds % length == 0:
            count = seconds // length
            return f"per {unit}" if count == 1 else f"per {count} {unit}s"
    return f"per {seconds} seconds"


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 operation` or `3 operations`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
