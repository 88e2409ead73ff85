"""What stops a model server."""


class ModelServerError(Exception):
    """A sentence for a person: which model or server, what is wrong, what to do about it."""
