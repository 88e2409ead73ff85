"""What the gateway itself answers, beside what the contract of a model says."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pydantic import JsonValue

from shared.contracts.contract import Contract, Header, Operation, Response, json_response, reference
from shared.contracts.media_types import JSON, is_json
from shared.model.access import Access

GATEWAY_ERROR = "Gateway.Error"
"""The schema of an error of the gateway. No schema of a team has a dot in its name."""

_SCHEMA: JsonValue = {
    "type": "object",
    "required": ["statusCode", "message"],
    "properties": {"statusCode": {"type": "integer"}, "message": {"type": "string"}},
}
_RETRY_AFTER = Header("Retry-After", "Seconds until a call is possible again.")


def with_gateway_responses(contract: Contract, access: Access, *, serves: bool = True) -> Contract:
    """Return the contract with the gateway's own errors in every operation.

    Where the model server gives the same status, an answer is one or the other. Of a version that ``serves`` no more no
    body is checked, and no model server can be missed.
    """
    lets_in = (_refused(access), _QUOTA_USED_UP, _TOO_MANY_CALLS, _FAILED)
    operations = tuple(
        _with_errors(operation, (*lets_in, *_on_the_way(operation)) if serves else lets_in)
        for operation in contract.operations
    )
    schemas = {**contract.schemas, GATEWAY_ERROR: _SCHEMA, **_shared_schemas(operations)}
    return replace(contract, operations=operations, schemas=schemas)


def _on_the_way(operation: Operation) -> tuple[Response, ...]:
    """Return the errors of a call on its way to a model server; a body is refused only where there is one."""
    return (_UNAVAILABLE,) if operation.request is None else (_BAD_REQUEST, _UNAVAILABLE)


def _with_errors(operation: Operation, errors: tuple[Response, ...]) -> Operation:
    found = {response.status: response for response in operation.responses}
    for error in errors:
        own = found.get(error.status)
        found[error.status] = error if own is None else _either(own, error)
    return replace(operation, responses=tuple(found[status] for status in sorted(found)))


def _either(own: Response, error: Response) -> Response:
    """Return a response that is the model server's or the gateway's."""
    bodies = tuple(
        replace(body, schema=_shared_name(body.schema)) if is_json(body.media_type) else body
        for body in own.representations
    )
    if not any(body.media_type.lower() == JSON for body in bodies):
        bodies = (*bodies, *error.representations)
    return replace(own, representations=bodies, headers=_joined(own.headers, error.headers))


def _joined(own: tuple[Header, ...], others: tuple[Header, ...]) -> tuple[Header, ...]:
    """Return the headers of either answer; one that not both have, or have with other values, is not sure."""
    theirs = {header.name.lower(): header for header in others}
    ours = {header.name.lower() for header in own}
    joined = [_as_both_have_it(header, theirs.get(header.name.lower())) for header in own]
    return (
        *joined,
        *(replace(header, required=False) for name, header in theirs.items() if name not in ours),
    )


def _as_both_have_it(header: Header, other: Header | None) -> Header:
    if other is None:
        return replace(header, required=False)
    values = tuple(dict.fromkeys((*header.values, *other.values))) if header.values and other.values else ()
    return replace(header, values=values, required=header.required and other.required)


def _shared_name(schema: str) -> str:
    """Return the name of the schema of an answer that is the model server's or the gateway's."""
    return f"{schema}.or.{GATEWAY_ERROR}"


def _shared_schemas(operations: Iterable[Operation]) -> Mapping[str, JsonValue]:
    names = {
        body.schema
        for operation in operations
        for response in operation.responses
        for body in response.representations
        if body.schema.endswith(_shared_name(""))
    }
    return {
        name: {"anyOf": [reference(name.removesuffix(_shared_name(""))), reference(GATEWAY_ERROR)]}
        for name in sorted(names)
    }


def gateway_error(status: int, message: str, description: str, *headers: Header) -> Response:
    """Return an answer of the gateway itself, which tells a status and a message."""
    example: JsonValue = {"statusCode": status, "message": message}
    return json_response(status, description, GATEWAY_ERROR, example, *headers)


def _refused(access: Access) -> Response:
    """Return the answer to a call that does not show what the access asks for."""
    keyless = "Access denied due to invalid subscription key."
    tokenless = "Invalid Azure AD JWT"
    if access.entra is None:
        return gateway_error(401, keyless, "The subscription key is missing or wrong.")
    if not access.key:
        return gateway_error(401, tokenless, "The access token is missing, or not one that opens this API.")
    either = "The subscription key or the access token is missing or wrong: a call needs both."
    return gateway_error(401, tokenless, either)


_BAD_REQUEST = gateway_error(
    400,
    "Body of the request does not conform to the definition, which is associated with the content type "
    "application/json. Line: 1, Position: 2",
    "The request does not fit the contract.",
)
"""What `validate-content` answers. Page: learn.microsoft.com/azure/api-management/validate-content-policy."""

_QUOTA_USED_UP = gateway_error(
    403,
    "Out of call volume quota. Quota will be replenished in 01:00:00.",
    "The quota of the subscription is used up.",
    _RETRY_AFTER,
)
_TOO_MANY_CALLS = gateway_error(
    429,
    "Rate limit is exceeded. Try again in 30 seconds.",
    "The caller makes too many calls in a short time.",
    _RETRY_AFTER,
)
_FAILED = gateway_error(500, "Internal server error", "The gateway or the model server failed.")
_UNAVAILABLE = gateway_error(
    503, "Service Unavailable", "No model server of this version can answer at the moment."
)
