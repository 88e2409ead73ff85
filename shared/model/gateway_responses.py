"""What the gateway itself answers, beside what the contract of a model says."""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import JsonValue

from shared.contracts.contract import Contract, Header, Operation, Representation, Response, reference
from shared.model.access import Access

GATEWAY_ERROR = "GatewayError"
"""The schema of an error of the gateway."""

_SCHEMA: JsonValue = {
    "type": "object",
    "required": ["statusCode", "message"],
    "properties": {"statusCode": {"type": "integer"}, "message": {"type": "string"}},
}
_EITHER = "Refusal"
"""The schema of an answer 400, which may be the gateway's or the model server's."""

_JSON = "application/json"
_BAD_REQUEST = 400
_CONTENT_TYPE = Header("Content-Type", "The media type of the body.", values=(_JSON,))
_RETRY_AFTER = Header("Retry-After", "Seconds until a call is possible again.")


def with_gateway_responses(contract: Contract, access: Access) -> Contract:
    """Return the contract with the gateway's own errors in every operation."""
    errors = (_refused(access), *_ERRORS)
    operations = tuple(_with_errors(operation, errors) for operation in contract.operations)
    schemas = {**contract.schemas, GATEWAY_ERROR: _SCHEMA, **_either(contract)}
    return replace(contract, operations=operations, schemas=schemas)


def _with_errors(operation: Operation, errors: tuple[Response, ...]) -> Operation:
    own = (_shared(response) for response in operation.responses)
    return replace(operation, responses=tuple(sorted((*own, *errors), key=lambda response: response.status)))


def _shared(response: Response) -> Response:
    """Return a response whose body may be the gateway's as well, where a body is refused."""
    if response.status != _BAD_REQUEST:
        return response
    bodies = tuple(replace(body, schema=_EITHER) for body in response.representations)
    return replace(response, representations=bodies)


def _either(contract: Contract) -> Mapping[str, JsonValue]:
    schemas = {
        body.schema
        for operation in contract.operations
        for response in operation.responses
        if response.status == _BAD_REQUEST
        for body in response.representations
    }
    return {_EITHER: {"anyOf": [reference(schema) for schema in (*sorted(schemas), GATEWAY_ERROR)]}}


def _error(status: int, message: str, description: str, *headers: Header) -> Response:
    example: JsonValue = {"statusCode": status, "message": message}
    body = Representation(_JSON, GATEWAY_ERROR, example)
    return Response(status, description, (body,), (_CONTENT_TYPE, *headers))


def _refused(access: Access) -> Response:
    """Return the answer to a call that does not show what the access asks for."""
    keyless = "Access denied due to invalid subscription key."
    tokenless = "Invalid Azure AD JWT"
    if access.entra is None:
        return _error(401, keyless, "The subscription key is missing or wrong.")
    if not access.key:
        return _error(401, tokenless, "The access token is missing, or not one that opens this API.")
    either = "The subscription key or the access token is missing or wrong: a call needs both."
    return _error(401, tokenless, either)


_ERRORS = (
    _error(
        403,
        "Out of call volume quota. Quota will be replenished in 01:00:00.",
        "The quota of the subscription is used up.",
        _RETRY_AFTER,
    ),
    _error(
        429,
        "Rate limit is exceeded. Try again in 30 seconds.",
        "The caller makes too many calls in a short time.",
        _RETRY_AFTER,
    ),
    _error(500, "Internal server error", "The gateway or the model server failed."),
)
