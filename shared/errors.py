"""The base of the errors that a person can cause."""


class UserError(ValueError):
    """What a person wrote or did cannot work; the text is one sentence a line, each with a remedy."""
