"""Pieces of Markdown that hold any text."""

import re
from collections.abc import Iterable, Sequence

_FENCE = "```"


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
    """Return a block of code; it must hold no fence of its own, which JSON and commands do not."""
    return f"{_FENCE}{language}\n{text}\n{_FENCE}"


def bullets(texts: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {text}" for text in texts)
