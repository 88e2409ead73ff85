"""What the gateway knows of one API Management service: plain values, read from wherever the service is kept.

The names are those of the ARM resources (api-version 2024-05-01). Everything is immutable: a changed service
is a new `Service`. Keys and named values are left out of `repr`, so that no log line can show them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

VersionScheme = Literal["Segment", "Query", "Header"]

KEY_HEADER = "Ocp-Apim-Subscription-Key"
KEY_QUERY = "subscription-key"


@dataclass(frozen=True, slots=True)
class Representation:
    """One content type that a request or response may have, and the schema of its body."""

    content_type: str
    schema_id: str | None = None
    """Name of the `ApiSchema` of the same API; a full ARM id is not expected here."""
    type_name: str | None = None
    """Name of the type inside that schema: `components.schemas.<type_name>`."""


@dataclass(frozen=True, slots=True)
class Response:
    """One documented response of an operation."""

    status_code: int
    representations: tuple[Representation, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an API."""

    name: str
    """Last segment of the ARM id: `predict`."""
    method: str
    """HTTP method, `*` for any."""
    url_template: str
    """Path below the API, with `{parameters}`; a trailing `/*` or `{*rest}` takes everything below."""
    policy: str | None = None
    """The `rawxml` document of `ApiOperationPolicy`, None when there is none."""
    request_representations: tuple[Representation, ...] = ()
    responses: tuple[Response, ...] = ()
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """One revision of an API at one version."""

    name: str
    """Last segment of the ARM id: `iris-species-v1`, `iris-species-v1;rev=2` for a revision that is not current."""
    path: str
    """Path below the gateway's host, without the version; empty for the root."""
    family: str = ""
    """Name that all revisions share, empty when `name` is: products and subscriptions open every revision."""
    revision: str = "1"
    is_current: bool = True
    """Whether the path without `;rev=` leads here."""
    version: str | None = None
    version_scheme: VersionScheme | None = None
    """Where the version is told, None for an API without a version set."""
    version_name: str | None = None
    """Name of the header or query parameter that tells the version, for the schemes `Header` and `Query`."""
    subscription_required: bool = True
    key_header: str = KEY_HEADER
    key_query: str = KEY_QUERY
    service_url: str | None = None
    """Where requests go unless a policy sets another backend."""
    policy: str | None = None
    """The `rawxml` document of `ApiPolicy`."""
    operations: tuple[Operation, ...] = ()
    schemas: Mapping[str, JsonValue] = field(default_factory=dict)
    """`ApiSchema` name to its document, `{"components": {"schemas": {...}}}`."""
    display_name: str = ""

    @property
    def id(self) -> str:
        """Return the name that all revisions share."""
        return self.family or self.name


@dataclass(frozen=True, slots=True)
class Product:
    """One product and the APIs it gives access to."""

    name: str
    subscription_required: bool = True
    api_names: frozenset[str] = frozenset()
    """Last segments of the linked APIs' ids."""
    policy: str | None = None
    """The `rawxml` document of `ProductPolicy`."""
    display_name: str = ""

    def holds(self, api: Api) -> bool:
        """Tell whether the product gives access to an API; names compare without case."""
        return api.id.lower() in {name.lower() for name in self.api_names}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription: two keys and what they open."""

    name: str
    scope: str
    """Relative to the service: `/` for everything, `/apis` for every API, `/apis/<name>`, `/products/<name>`."""
    state: str = "active"
    """`active` opens; `submitted`, `suspended`, `rejected`, `cancelled` and `expired` do not."""
    primary_key: str = field(default="", repr=False)
    secondary_key: str = field(default="", repr=False)
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class CircuitBreakerRule:
    """When a backend counts as failing, and for how long it is then left alone."""

    count: int
    """Failures within `interval` that open the circuit."""
    interval: float
    """Seconds."""
    trip_duration: float
    """Seconds that the circuit stays open."""
    status_codes: tuple[tuple[int, int], ...] = ()
    """Ranges of status codes that are failures, both ends included."""
    error_reasons: frozenset[str] = frozenset()
    """Reasons of `context.LastError` that are failures: `BackendConnectionFailure`, `Timeout`."""
    accept_retry_after: bool = False
    """Whether the response's `Retry-After` goes before `trip_duration`."""


@dataclass(frozen=True, slots=True)
class Backend:
    """One single backend that `set-backend-service backend-id` can name."""

    name: str
    url: str
    circuit_breaker: CircuitBreakerRule | None = None


@dataclass(frozen=True, slots=True)
class PoolMember:
    """One backend of a pool and its part in it."""

    backend: Backend
    priority: int = 0
    """The members of the lowest number are called as long as one of them can be."""
    weight: int = 1
    """Share of the calls, relative to the other members of the same priority."""


@dataclass(frozen=True, slots=True)
class BackendPool:
    """Several backends under one name that `set-backend-service backend-id` can give."""

    name: str
    members: tuple[PoolMember, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One API Management service, whole."""

    name: str
    """Label of the gateway's host name: `<name>.azure-api.localhost`."""
    policy: str | None = None
    """The global policy's `rawxml` document."""
    apis: tuple[Api, ...] = ()
    products: tuple[Product, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    backends: tuple[Backend | BackendPool, ...] = ()
    named_values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Display name to value; Key Vault references are resolved before they come here."""
    fragments: Mapping[str, str] = field(default_factory=dict)
    """The `rawxml` of each policy fragment, by name in lower case."""
