"""Pieces of Markdown that hold any text."""

import re
from collections.abc import Iterable, Sequence

_FENCE = "```"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All but tabs and line breaks."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar in a cell is escaped, and a line break becomes `<br>`."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.strip().replace("\n", "<br>").replace("|", "\\|")


def code(text: str) -> str:
    """Return a text in code style, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {text} {ticks}" if longest else f"`{text}`"


def fenced(language: str, text: str) -> str:
    """Return a block of code, whatever fences it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = _FENCE if longest < len(_FENCE) else "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def one_line(text: str) -> str:
    """Return a text on one line, for a heading."""
    return " ".join(text.split())


def shown_characters(text: str) -> str:
    """Return a text with control characters as escapes: a terminal would obey them."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def bullets(texts: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {text}" for text in texts)
