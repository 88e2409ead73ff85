"""The contract of a model's API: its operations, with the schemas of what goes in and what comes out.

Schemas are in the subset of JSON Schema that OpenAPI 3.0 has, because API Management holds no other. Types of
parameters and the words used here are those of API Management's `RepresentationContract` and
`ParameterContract`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import JsonValue

from shared.contracts.media_types import JSON


@dataclass(frozen=True)
class Header:
    """A header of a response."""

    name: str
    """The header's name."""
    description: str
    """What it tells."""
    values: tuple[str, ...] = ()
    """The values that it may have; empty where any is possible."""
    required: bool = True
    """Whether every response carries it."""


class ParameterPlace(StrEnum):
    """Where a request carries a parameter, in the words of OpenAPI."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"


@dataclass(frozen=True)
class Parameter:
    """A value that a request carries outside its body."""

    name: str
    """The parameter's name; one in the path stands as ``{name}`` in the operation's URL template."""
    place: ParameterPlace
    """Where it stands."""
    description: str
    """What it means."""
    required: bool
    """Whether every request carries it; one in the path is always required."""
    schema: Mapping[str, JsonValue]
    """The schema of its value, written out: it refers to nothing."""
    example: JsonValue = None
    """A value that fits; None where there is none to show."""


@dataclass(frozen=True)
class Representation:
    """A body in one media type."""

    media_type: str
    """The media type, such as ``application/json``."""
    schema: str
    """The name of the body's schema in the contract."""
    example: JsonValue = None
    """A body that fits the schema; None where there is no short one."""


@dataclass(frozen=True)
class Request:
    """What a consumer sends."""

    description: str
    """What the body is."""
    representations: tuple[Representation, ...]
    """The body, once for each media type."""
    required: bool = True
    """Whether every request has a body."""


@dataclass(frozen=True)
class Response:
    """What a consumer gets back for one status."""

    status: int
    """The HTTP status code."""
    description: str
    """When this happens."""
    representations: tuple[Representation, ...] = ()
    """The body, once for each media type; empty where there is none."""
    headers: tuple[Header, ...] = ()
    """The headers that belong to the contract."""


@dataclass(frozen=True)
class Operation:
    """One thing that a consumer can ask of the model."""

    name: str
    """The operation's identifier, such as ``predict``."""
    method: str
    """The HTTP method."""
    url_template: str
    """The path that consumers call, below the API's own path."""
    backend_path: str
    """The path on the model server to which the gateway rewrites the call."""
    summary: str
    """A short name for people."""
    description: str
    """What the operation does."""
    request: Request | None
    """The body of the request; None where there is none."""
    responses: tuple[Response, ...]
    """What comes back, by status."""
    parameters: tuple[Parameter, ...] = ()
    """What a request carries outside its body."""


@dataclass(frozen=True)
class Gap:
    """What a team's document says and API Management cannot hold, or this contract leaves to the model server."""

    path: str
    """Where it stands, as a JSON pointer into the document: ``#/paths/~1score/post/requestBody``."""
    sentence: str
    """What is not checked or not told because of it."""


@dataclass(frozen=True)
class Contract:
    """What one version of a model promises its consumers."""

    operations: tuple[Operation, ...]
    """The operations, in the order in which documentation lists them."""
    schemas: Mapping[str, JsonValue] = field(default_factory=dict)
    """The schemas by name; they refer to each other as ``#/components/schemas/<name>``."""
    gaps: tuple[Gap, ...] = ()
    """What the document says beyond this contract, in the document's order."""

    def operation(self, name: str) -> Operation:
        """Return the operation of that name. Raises KeyError when there is none."""
        return {operation.name: operation for operation in self.operations}[name]


_SCHEMAS = "#/components/schemas/"


def reference(schema: str) -> dict[str, JsonValue]:
    """Return a schema that stands for the named one."""
    return {"$ref": f"{_SCHEMAS}{schema}"}


def referred(schema: JsonValue) -> str | None:
    """Return the name of the schema that a schema of a contract stands for, or None where it says what it is."""
    target = schema.get("$ref") if isinstance(schema, dict) else None
    return target.removeprefix(_SCHEMAS) if isinstance(target, str) else None


def json_response(
    status: int, description: str, schema: str, example: JsonValue, *headers: Header
) -> Response:
    """Return an answer of JSON, whose media type is told by a header as well; ``headers`` come after that."""
    return Response(status, description, (Representation(JSON, schema, example),), (_JSON_TYPE, *headers))


_JSON_TYPE = Header("Content-Type", "The media type of the body.", values=(JSON,))
