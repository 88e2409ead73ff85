"""A request to Azure Resource Manager and the answer to it, free of any web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local_azure.arm.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class Failure:
    """How an operation that was accepted ends, when it does not succeed."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ArmRequest:
    """One request."""

    method: str
    """`GET`, `HEAD`, `PUT`, `PATCH`, `POST` or `DELETE`."""
    path: str
    """Path with its percent signs decoded."""
    query: Mapping[str, str]
    """Query parameters by lower-cased name."""
    content: bytes = field(default=b"", repr=False)
    authorization: str = field(default="", repr=False)
    if_match: str = ""
    """Header `If-Match`: `*`, or the entity tags that the writer knows."""
    until: float = 0.0
    """When a long-running operation that this begins ends, by the monotonic clock; at once by default."""
    failure: Failure | None = None
    """How such an operation shall end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; without a body there is no content at all."""

    status: int
    body: JsonObject | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
