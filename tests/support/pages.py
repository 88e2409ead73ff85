"""Pages of this repository whose commands a test runs, and whose output it compares with the truth."""

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = "..."
"""A line that stands for any number of lines."""


@dataclass(frozen=True)
class Page:
    """A page in Markdown."""

    path: Path

    def blocks(self, language: str) -> list[str]:
        return [body for kind, body in _BLOCK.findall(self.path.read_text()) if kind == language]

    def command(self, containing: str) -> str:
        """Return the one shell block that contains the words."""
        (block,) = (block for block in self.blocks("sh") if containing in block)
        return block

    def output(self, containing: str) -> str:
        """Return what the page shows right after that shell block."""
        blocks = _BLOCK.findall(self.path.read_text())
        (place,) = (place for place, (kind, body) in enumerate(blocks) if kind == "sh" and containing in body)
        kind, body = blocks[place + 1]
        assert kind in {"text", "json"}, kind
        return str(body)


def shape(output: str) -> list[str]:
    """Return the lines without what differs from run to run: ports, keys, ids, times, counts of resources."""
    replaced = output
    for pattern, word in (
        (r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID"),
        (r"\b[0-9a-f]{32}\b", "KEY"),
        (r"\b[0-9a-f]{12}\b", "REVISION"),
        (r"127\.0\.0\.1:\d+|:\d{4,5} ", "ADDRESS"),
        (r"Pulumi \S+ .*", "TOOLS"),
        (r" +\d+\.\d s(?= |:)", " TIME "),
    ):
        replaced = re.sub(pattern, word, replaced, flags=re.MULTILINE)
    return [re.sub(r" {2,}", " ", line).rstrip() for line in replaced.strip().splitlines()]


def as_shown(output: str, shown: str) -> list[str]:
    """Return the shape of an output, with what the page leaves out left out as well."""
    lines, wanted = shape(output), shape(shown)
    if _LEFT_OUT not in wanted:
        return lines
    before = wanted.index(_LEFT_OUT)
    after = len(wanted) - before - 1
    return [*lines[:before], _LEFT_OUT, *lines[len(lines) - after :]]
