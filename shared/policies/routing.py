"""Routing.

Index: learn.microsoft.com/azure/api-management/api-management-policies (Routing).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from shared.policies.expressions import Expression
from shared.policies.statement import Statement

_SERVICE_FABRIC = "name a backend that is not a Service Fabric service"


@dataclass(frozen=True)
class SetBackendService(Statement):
    """`<set-backend-service>`: send the request to another backend than the API's own service URL.

    Page: learn.microsoft.com/azure/api-management/set-backend-service-policy.
    """

    element: ClassVar[str] = "set-backend-service"
    refused: ClassVar[Mapping[str, str]] = {
        "sf-resolve-condition": _SERVICE_FABRIC,
        "sf-service-instance-name": _SERVICE_FABRIC,
        "sf-partition-key": _SERVICE_FABRIC,
        "sf-listener-name": _SERVICE_FABRIC,
        "sf-replica-type": _SERVICE_FABRIC,
    }

    backend_id: str | Expression | None = None
    """The backend of the service, a single one or a pool. This or `base_url`."""

    base_url: str | Expression | None = None
    """The URL before the operation's path. This or `backend_id`."""

    def problems(self) -> Iterator[str]:
        """Check that exactly one target is named."""
        if (self.backend_id is None) == (self.base_url is None):
            yield "needs one of backend-id and base-url: name the backend, or give its URL"


@dataclass(frozen=True)
class ForwardRequest(Statement):
    """`<forward-request>`: send the request to the backend and wait for its response.

    Page: learn.microsoft.com/azure/api-management/forward-request-policy.
    """

    element: ClassVar[str] = "forward-request"

    timeout: int | Expression | None = None
    """Seconds to wait for response headers; 300 without this and `timeout_ms`. Over 240 may not hold."""

    timeout_ms: int | Expression | None = None
    """The same wait in milliseconds; this or `timeout`."""

    continue_timeout: int | Expression | None = None
    """How long to wait for `100 Continue`, in seconds."""

    http_version: Literal["1", "2or1", "2"] = "1"
    """The HTTP version spoken to the backend; `2or1` prefers 2."""

    follow_redirects: bool | Expression = False
    """Whether the gateway follows redirects, instead of handing them to the caller."""

    buffer_request_body: bool = False
    """Whether the body is kept, so that a retry can send it again."""

    buffer_response: bool = True
    """Whether the caller gets the response in chunks of 8 KB; False for server-sent events."""

    fail_on_error_status_code: bool = False
    """Whether a status from 400 to 599 runs the on-error section."""

    def problems(self) -> Iterator[str]:
        """Check that the wait is said once, and not negative."""
        if self.timeout is not None and self.timeout_ms is not None:
            yield "has both timeout and timeout-ms: keep one"
        for name, value in (
            ("timeout", self.timeout),
            ("timeout-ms", self.timeout_ms),
            ("continue-timeout", self.continue_timeout),
        ):
            if isinstance(value, int) and value < 0:
                yield f"has {name} {value}: use 0 or more"
