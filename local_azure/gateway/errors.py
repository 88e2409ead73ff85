"""What a caller sees when a request cannot be served, and what `context.LastError` tells of it.

https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies
"""

import json
from dataclasses import dataclass

from local_azure.gateway.messages import Headers, Response


@dataclass(frozen=True, slots=True)
class ProxyError:
    """`context.LastError` of policy expressions."""

    source: str
    """The policy's element name, or a built-in step: `configuration`, `authorization`."""
    reason: str
    """Machine-friendly code: `SubscriptionKeyInvalid`, `RateLimitExceeded`."""
    message: str
    scope: str | None = None
    section: str | None = None


class GatewayError(Exception):
    """Ends the normal processing of one request; the `on-error` section follows.

    `message` is what `context.LastError.Message` tells; `public` is what the caller reads where they
    differ.
    `source` is left empty by policies, whose element is known to the pipeline.
    """

    def __init__(  # noqa: PLR0913 - the parts of an error response, all but three optional
        self,
        status_code: int,
        reason: str,
        message: str,
        *,
        source: str = "",
        public: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Keep the parts of the error response."""
        super().__init__(message)
        self.status_code = status_code
        self.reason = reason
        self.message = message
        self.source = source
        self.public = message if public is None else public
        self.headers = headers


class ResponseReturned(Exception):  # noqa: N818 - nothing went wrong
    """Ends the processing of one request with this response; no other section follows."""

    def __init__(self, response: Response) -> None:
        """Keep the response."""
        super().__init__(response)
        self.response = response


def error_response(error: GatewayError, activity_id: str) -> Response:
    """Build the flat JSON body of the service; a 500 tells nothing but an id to look for in the log."""
    body: dict[str, int | str] = {"statusCode": error.status_code, "message": error.public}
    if error.status_code == INTERNAL:
        body = {"statusCode": INTERNAL, "message": "Internal server error", "activityId": activity_id}
    headers = Headers([("Content-Type", "application/json"), *error.headers])
    return Response(error.status_code, headers, json.dumps(body).encode())


INTERNAL = 500
