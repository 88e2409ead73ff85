"""The one error of this package."""


class PolicyError(Exception):
    """A policy document that API Management would refuse, said as a sentence with a remedy.

    `line` counts from 1 in the text that was parsed and is None for a document that was built in Python;
    `element` names the statement or element at fault, where there is one.
    """

    def __init__(self, message: str, *, line: int | None = None, element: str | None = None) -> None:
        """Keep the parts; `str()` of the error puts the line first."""
        super().__init__(message)
        self.message = message
        self.line = line
        self.element = element

    def __str__(self) -> str:
        """Return the sentence, led by its line where that is known."""
        return self.message if self.line is None else f"line {self.line}: {self.message}"
