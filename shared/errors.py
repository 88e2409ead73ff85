"""The bases of the errors that a person can cause."""

from collections.abc import Iterable


class UserError(ValueError):
    """What a person wrote or did cannot work; the text is one sentence a line, each with a remedy."""


class DocumentError(UserError):
    """What people wrote cannot be used; ``problems`` holds one sentence for each reason."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the sentences; the text of the error is all of them, one a line."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
