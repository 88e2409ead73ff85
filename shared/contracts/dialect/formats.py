"""`format`, which says something of a value that its type does not."""

import re

KEPT = frozenset({"int32", "int64", "float", "double", "password", "binary"})
"""Formats that no validator of schemas checks: they tell a reader the size of numbers, and how to show a text.

Of the others some validators check some. In the dialects from 2019-09 a format is an annotation, in those before it may
be checked or not, and servers read more than formats allow: a date and time without an offset is no `date-time` of RFC
3339, and pydantic takes it. Which ones API Management checks is not documented, and the local gateway checks those of
the packages that happen to be installed. Where a format could refuse what a server takes, it goes into the description,
where consumers find it.
"""

_TOLD = re.compile(r"(?:^|\n\n)Format: (?P<format>\S+)\.$")


def told(description: str) -> str | None:
    """Return the format that a description tells at its end, or None."""
    found = _TOLD.search(description)
    return None if found is None else found["format"]


def described(description: str, text_format: str) -> str:
    """Return a description that tells the format as well."""
    return f"{description.rstrip()}\n\nFormat: {text_format}." if description else f"Format: {text_format}."
