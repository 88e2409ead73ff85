"""What stops a benchmark."""


class BenchmarkError(Exception):
    """A sentence for a person: what is wrong, and what to do about it."""
