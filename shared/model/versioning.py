"""How a request tells which version of a model it calls."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.azure.subscription_keys import KEY_HEADER, KEY_QUERY
from shared.contracts.version_place import VersionPlace
from shared.documents import Document

_HEADER_NAME = r"^[A-Za-z][A-Za-z0-9-]{0,99}$"
_QUERY_NAME = r"^[A-Za-z][A-Za-z0-9_.-]{0,99}$"
_TAKEN = frozenset(
    {
        KEY_HEADER.lower(),
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "transfer-encoding",
    }
)
"""Headers that say something else already, in lower case: with a version in one of these no call could get through."""


class VersioningChoice(Document):
    """The scheme, with the name of the header or query parameter."""

    header: str | None = Field(
        default=None, pattern=_HEADER_NAME, description="the name of a header, such as Api-Version"
    )
    query: str | None = Field(
        default=None, pattern=_QUERY_NAME, description="the name of a query parameter, such as api-version"
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.header is not None and self.query is not None:
            raise ValueError("a version is told by a header or a query parameter, not by both. Remove one.")
        if (self.header is not None and self.header.lower() in _TAKEN) or self.query == KEY_QUERY:
            raise ValueError(f"{self.name} says something else of a call already. Choose another name.")
        return self

    @property
    def place(self) -> VersionPlace:
        """Return where a request tells the version."""
        if self.header is not None:
            return VersionPlace.HEADER
        return VersionPlace.SEGMENT if self.query is None else VersionPlace.QUERY

    @property
    def name(self) -> str | None:
        """Return the name of the header or query parameter; None where the path tells the version."""
        return self.header or self.query


def _as_map(value: object) -> object:
    """Return `segment` as the map that it stands for."""
    if value == VersionPlace.SEGMENT:
        return {}
    if isinstance(value, Mapping) and not value:
        raise ValueError("it is empty: write segment, {header: <name>} or {query: <name>}.")
    return value


Versioning = Annotated[
    VersioningChoice,
    BeforeValidator(_as_map, json_schema_input_type=Literal["segment"] | VersioningChoice),
]
"""``segment``, ``{header: <name>}`` or ``{query: <name>}``."""

BY_SEGMENT = VersioningChoice()
"""The scheme of a model that says nothing about it."""
