"""Where a request tells the version of a model that it calls."""

from enum import StrEnum


class VersionPlace(StrEnum):
    """Where a request tells the version; the value is how model.yaml calls it."""

    SEGMENT = "segment"
    """In the path, after the model's name: /iris-species/v1/predict."""
    HEADER = "header"
    """In a header."""
    QUERY = "query"
    """In a query parameter."""
