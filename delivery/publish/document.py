"""What is published: one Markdown document of our own, known again by its first line."""

from pathlib import Path

LIMIT = 65_536
"""The most characters that GitHub takes for a comment or an issue."""

_CUT = "\n\n*This is cut: GitHub takes no more. The run has the whole.*\n"


def marker(kind: str) -> str:
    """Return the first line of every document of a kind; nobody sees it on GitHub."""
    return f"<!-- model-gateway: {kind} -->"


def marked(kind: str, markdown: str) -> str:
    """Return a document of a kind, no longer than GitHub takes; the text may be marked already."""
    text = markdown.strip().removeprefix(marker(kind)).lstrip()
    whole = f"{marker(kind)}\n{text}\n"
    if len(whole) <= LIMIT:
        return whole
    return whole[: LIMIT - len(_CUT)].rpartition("\n")[0] + _CUT


def is_of(kind: str, body: str | None) -> bool:
    """Whether a text is a document of that kind: one that only quotes it further down is none."""
    return (body or "").splitlines()[:1] == [marker(kind)]


def read(file: Path, otherwise: str) -> str:
    """Return the text of a report, or another text where the jobs before left none."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return otherwise
