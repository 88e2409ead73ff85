"""The named schemas that mean the same in two contracts."""

from collections.abc import Iterator

from pydantic import JsonValue

from delivery.compat.schemas.normal import Components, reference_of, text


def unchanged(one: Components, other: Components) -> frozenset[str]:
    """Return the names of the schemas that are equal, and refer to such alone."""
    equal = {name for name in one.keys() & other.keys() if text(one[name]) == text(other[name])}
    references = {name: frozenset(referred(one[name])) for name in equal}
    while changed := {name for name in equal if not references[name] <= equal}:
        equal -= changed
    return frozenset(equal)


def referred(schema: JsonValue) -> Iterator[str]:
    """Yield the names of the schemas that one refers to."""
    if isinstance(schema, list):
        for item in schema:
            yield from referred(item)
    elif isinstance(schema, dict):
        name = reference_of(schema)
        if name is not None:
            yield name
        for value in schema.values():
            yield from referred(value)
