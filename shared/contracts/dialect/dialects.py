"""The dialects of JSON Schema, and in what they differ."""

from enum import StrEnum
from typing import Any

from pydantic import JsonValue
from referencing import Specification
from referencing.jsonschema import DRAFT4, DRAFT6, DRAFT7, DRAFT201909, DRAFT202012


class Dialect(StrEnum):
    """A dialect, by the URI that `$schema` has for it; OpenAPI's own have none of that form."""

    DRAFT_4 = "http://json-schema.org/draft-04/schema"
    DRAFT_6 = "http://json-schema.org/draft-06/schema"
    DRAFT_7 = "http://json-schema.org/draft-07/schema"
    DRAFT_2019_09 = "https://json-schema.org/draft/2019-09/schema"
    DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
    OPENAPI_3_0 = "OpenAPI 3.0"
    OPENAPI_3_1 = "https://spec.openapis.org/oas/3.1/dialect/base"

    @property
    def is_like_draft_4(self) -> bool:
        """Whether 1.0 is no integer, and exclusive bounds are booleans."""
        return self in (Dialect.DRAFT_4, Dialect.OPENAPI_3_0)

    @property
    def identifier(self) -> str | None:
        """The keyword that changes what references below it are relative to; None where there is none."""
        if self is Dialect.OPENAPI_3_0:
            return None
        return "id" if self is Dialect.DRAFT_4 else "$id"

    @property
    def has_ref_siblings(self) -> bool:
        """Whether what stands beside `$ref` counts."""
        return self in (Dialect.DRAFT_2019_09, Dialect.DRAFT_2020_12, Dialect.OPENAPI_3_1)

    @property
    def has_prefix_items(self) -> bool:
        """Whether a list of schemas by position is called `prefixItems`, and `items` is for the others."""
        return self in (Dialect.DRAFT_2020_12, Dialect.OPENAPI_3_1)

    @property
    def has_conditions(self) -> bool:
        """Whether `if` has a meaning."""
        return self not in (Dialect.DRAFT_4, Dialect.DRAFT_6, Dialect.OPENAPI_3_0)

    @property
    def has_dependencies(self) -> bool:
        """Whether `dependencies` says what the presence of a property asks for, in lists and schemas alike."""
        return self in (Dialect.DRAFT_4, Dialect.DRAFT_6, Dialect.DRAFT_7)

    @property
    def has_pattern_properties(self) -> bool:
        """Whether names of properties can be compared with patterns."""
        return self is not Dialect.OPENAPI_3_0

    @property
    def has_nullable(self) -> bool:
        """Whether `nullable` has a meaning."""
        return self is Dialect.OPENAPI_3_0

    @property
    def is_openapi(self) -> bool:
        """Whether `discriminator` has a meaning, and `readOnly` and `writeOnly` name a direction."""
        return self in (Dialect.OPENAPI_3_0, Dialect.OPENAPI_3_1)

    @property
    def specification(self) -> Specification[Any]:
        """What its references mean; Any because a schema is a map or a boolean."""
        return _SPECIFICATIONS[self]


_SPECIFICATIONS: dict[Dialect, Specification[Any]] = {
    Dialect.DRAFT_4: DRAFT4,
    Dialect.DRAFT_6: DRAFT6,
    Dialect.DRAFT_7: DRAFT7,
    Dialect.DRAFT_2019_09: DRAFT201909,
    Dialect.DRAFT_2020_12: DRAFT202012,
    Dialect.OPENAPI_3_0: DRAFT4,
    Dialect.OPENAPI_3_1: DRAFT202012,
}

JSON_SCHEMA = (
    Dialect.DRAFT_2020_12,
    Dialect.DRAFT_2019_09,
    Dialect.DRAFT_7,
    Dialect.DRAFT_6,
    Dialect.DRAFT_4,
)
"""Those that a file of its own can be written in, the newest first."""


def named(uri: JsonValue) -> Dialect | None:
    """Return the dialect with that URI, with or without an empty fragment, or None."""
    if not isinstance(uri, str):
        return None
    bare = uri.removesuffix("#").removesuffix("/")
    return next((dialect for dialect in Dialect if dialect.value == bare), None)
