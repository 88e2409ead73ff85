"""Values of documents taken for what they should be, and for nothing where they are something else."""

from pydantic import JsonValue


def mapping(value: JsonValue) -> dict[str, JsonValue]:
    """Return a map, or an empty one for what is none (a schema that is true, say)."""
    return value if isinstance(value, dict) else {}


def sequence(value: JsonValue) -> list[JsonValue]:
    """Return a list, or an empty one for what is none."""
    return value if isinstance(value, list) else []


def number(value: JsonValue) -> int | float | None:
    """Return a number, or None for what is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole(value: JsonValue) -> int | None:
    """Return a whole number (3.0 is 3), or None for what is none."""
    found = number(value)
    return None if found is None or found != int(found) else int(found)
