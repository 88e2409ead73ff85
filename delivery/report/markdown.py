"""Writing text that others chose into GitHub's Markdown, so that it stays text.

Nothing in it becomes markup, a mention, a reference or a link, and nothing hides: characters that turn the direction
of writing are written as their numbers. Pages: github.github.com/gfm (escapes, code spans, fences, tables) and
docs.github.com/get-started/writing-on-github (mentions and references, which code never makes).
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

from delivery.report.words import Quoted, Words

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>#|~!&^$])")
_LIST_MARK = re.compile(r"^(?:(?=[+=-])|(\d+)(?=[.)]))")
# Where GitHub would find a mention, a reference, a link or a picture: cut apart by a character without width.
_LIVE = re.compile(r"@|#|(?<=\bGH)-|(?<=:)//|(?<=\bwww)\.|:(?=[A-Za-z0-9_+-]+:)", re.IGNORECASE)
_CUT = "\u200b"
_RUN = re.compile("`+")
_VISIBLE_CONTROLS = {"\n", "\t"}


def visible(text: str) -> str:
    r"""Return the text with invisible and unencodable characters as `\u202e`; line ends and tabs stay."""
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in _VISIBLE_CONTROLS:
        return character
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return f"\\u{ord(character):04x}"
    return character


def text(value: str) -> str:
    """Return words for the running text, on one line."""
    line = " ".join(visible(value).split())
    escaped = _PUNCTUATION.sub(r"\\\1", _lifeless(line))
    return _LIST_MARK.sub(lambda found: f"{found[1] or ''}\\", escaped)


def _lifeless(line: str) -> str:
    return _LIVE.sub(lambda match: _CUT + match[0] if match[0] in {".", "//"} else match[0] + _CUT, line)


def code(value: str) -> str:
    """Return a value as a code span, on one line; it may stand in a table."""
    line = visible(value).replace("\n", "⏎").replace("\t", " ")
    if not line.strip():
        return "(empty)" if not line else "(spaces)"
    ticks = "`" * (max((len(run) for run in _RUN.findall(line)), default=0) + 1)
    edge = " " if "`" in (line[0], line[-1]) or line[0] == line[-1] == " " else ""
    return f"{ticks}{edge}{line}{edge}{ticks}"


def phrase(words: Words) -> str:
    """Return a phrase; what it quotes becomes code."""
    return "".join(code(word.text) if isinstance(word, Quoted) else text_between(word) for word in words)


def text_between(value: str) -> str:
    """Return words beside other words: as `text`, with the spaces at their ends."""
    head = " " if value[:1].isspace() else ""
    tail = " " if value[-1:].isspace() and value.strip() else ""
    return head + text(value) + tail


def fence(content: str, language: str = "") -> str:
    """Return a block of code that its content cannot end."""
    lines = visible(content)
    ticks = "`" * max(3, max((len(run) for run in _RUN.findall(lines)), default=0) + 1)
    return f"{ticks}{language}\n{lines}\n{ticks}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> str:
    """Return a table of cells that are Markdown already; the last `numbers` columns are aligned to the right."""
    rules = ["---"] * (len(head) - numbers) + ["---:"] * numbers
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (head, rules, *rows))


def _cell(markdown: str) -> str:
    """Return a cell whose bars do not end it; those that are escaped already stay."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", markdown)


def folded(summary: str, content: str) -> str:
    """Return a part that opens on a click; `summary` is plain text, `content` Markdown."""
    return f"<details>\n<summary>{summary_html(summary)}</summary>\n\n{content}\n\n</details>"


def summary_html(summary: str) -> str:
    """Return plain text for HTML, without mentions and references."""
    return html.escape(_lifeless(" ".join(visible(summary).split())))


def indented(markdown: str, spaces: int = 2) -> str:
    """Return Markdown that belongs to a list's item."""
    return "\n".join(" " * spaces + line if line else line for line in markdown.split("\n"))
