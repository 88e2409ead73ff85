"""Which draft a schema is written in."""

from pydantic import JsonValue

from shared.contracts.dialect import Dialect
from shared.contracts.dialect.dialects import JSON_SCHEMA, named
from shared.documents import DocumentError, shown


def dialect_of(contents: JsonValue, source: str) -> Dialect:
    """Return the draft that `$schema` names, the newest without one. Raises DocumentError for what is no schema."""
    if not isinstance(contents, dict):
        raise DocumentError([f"{source}: must be a schema, which is a map, but holds {shown(contents)}."])
    if "$schema" not in contents:
        return Dialect.DRAFT_2020_12
    dialect = named(contents["$schema"])
    if dialect in JSON_SCHEMA:
        return dialect
    known = ", ".join(JSON_SCHEMA)
    raise DocumentError([f"{source}: `$schema` is {shown(contents['$schema'])}; it must be one of {known}."])
