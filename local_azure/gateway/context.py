"""The `context` variable: everything that policies of one request read and change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from httpx import AsyncClient

from local_azure.gateway.access_tokens import TokenKeys
from local_azure.gateway.breakers import Breakers
from local_azure.gateway.configuration import (
    Api,
    Backend,
    BackendPool,
    Operation,
    Product,
    Service,
    Subscription,
)
from local_azure.gateway.counters import Counters
from local_azure.gateway.errors import ProxyError
from local_azure.gateway.messages import Request, Response
from local_azure.gateway.schemas import SchemaStore


@dataclass(slots=True)
class Context:
    """One request in progress.

    https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables
    """

    service: Service
    request_id: UUID
    request: Request
    counters: Counters
    breakers: Breakers
    chance: Random
    """What the choice among the backends of a pool comes from."""
    client: AsyncClient
    """The connections to backends, shared by all requests."""
    token_keys: TokenKeys = field(default_factory=dict)
    """What access tokens are signed with."""
    api: Api | None = None
    operation: Operation | None = None
    product: Product | None = None
    subscription: Subscription | None = None
    schemas: SchemaStore | None = None
    """The API's schemas, compiled."""
    variables: dict[str, object] = field(default_factory=dict)
    response: Response | None = None
    last_error: ProxyError | None = None
    backend_url: str | None = None
    """Base URL that the request is forwarded to: the API's service URL, or what a policy set.

    That of a pool's backend is known when the request is forwarded.
    """
    backend: Backend | BackendPool | None = None
    """The backend or pool that a policy named, None for a plain URL."""
    at_end: list[Callable[[Response], None]] = field(default_factory=list)
    """What remains to be done when the response is known: counting, headers that tell of limits."""
