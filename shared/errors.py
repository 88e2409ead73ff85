"""The bases of the errors that a person can cause."""

import re
from collections.abc import Iterable

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def one_line(text: str) -> str:
    """Return a sentence with control characters as escapes.

    It may quote names from a team's file: terminals would obey the characters, and GitHub a line that begins with `::`.
    """
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


class UserError(ValueError):
    """What a person wrote or did cannot work; the text is one sentence a line, each with a remedy."""


class DocumentError(UserError):
    """What people wrote cannot be used; ``problems`` holds one sentence for each reason."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the sentences; the text of the error is all of them, one a line."""
        self.problems = tuple(map(one_line, problems))
        super().__init__("\n".join(self.problems))
