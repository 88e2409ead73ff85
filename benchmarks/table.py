"""Tables in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A titled table with a sentence or two that say how its figures came about."""

    title: str
    about: str
    columns: Sequence[str]
    """The first column names the row, the others hold figures."""
    rows: Sequence[Sequence[str]]

    def markdown(self, level: int = 2) -> str:
        """Return the table as a section of a Markdown document, of that level; figures stand at the right."""
        rule = ["---", *("---:" for _ in self.columns[1:])]
        lines = [_line(cells) for cells in (self.columns, rule, *self.rows)]
        return "\n".join([f"{'#' * level} {self.title}", "", self.about, "", *lines, ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def seconds(value: float) -> str:
    """Return a duration as `3.2 s`."""
    return f"{value:.1f} s" if value >= 1 else f"{value:.2f} s"


def milliseconds(value: float) -> str:
    """Return a duration, given in seconds, as `3.2 ms`."""
    return f"{value * 1000:.1f} ms" if value >= 0.001 else f"{value * 1000:.2f} ms"  # noqa: PLR2004 - one of them


def times(value: float) -> str:
    """Return a ratio as `1.4 x`; of no baseline there is none."""
    return "" if value != value else f"{value:.2f} x"  # noqa: PLR0124 - a value that is not a number


def megabytes(value: float) -> str:
    """Return a number of bytes as `93 MB`."""
    return f"{value / 1_000_000:.0f} MB"
