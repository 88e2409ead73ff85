"""What a contract says of a version that ends: headers of its answers, or the one answer that is left."""

from collections.abc import Mapping
from dataclasses import replace

from shared.contracts.contract import Contract, Header, Operation
from shared.model.access import Access
from shared.model.announcement import DEPRECATION_HEADER, LINK_HEADER, SUNSET_HEADER, Announcement
from shared.model.gateway_responses import gateway_error, with_gateway_responses

GONE = 410
"""The status of every answer of a retired version."""

LIFECYCLE_HEADERS: Mapping[str, str] = {
    DEPRECATION_HEADER: "Since when this version is deprecated (RFC 9745).",
    SUNSET_HEADER: "Until when this version serves (RFC 8594).",
    LINK_HEADER: "Where the version to use instead is found (RFC 8288).",
}
"""The headers that tell the end of a version, with what is documented of them."""


def as_served(contract: Contract, announced: Announcement | None, access: Access) -> Contract:
    """Return what a version promises with what the gateway adds: its own errors, and word of the version's end.

    A retired version keeps its operations with their requests, which say what 410 is the answer to.
    """
    if announced is None:
        return with_gateway_responses(contract, access)
    headers = tuple(
        Header(name, LIFECYCLE_HEADERS[name], (value,)) for name, value in announced.headers.items()
    )
    if announced.is_retired:
        only = gateway_error(GONE, announced.refusal, "The version is retired.", *headers)
        operations = tuple(replace(each, responses=(only,)) for each in contract.operations)
        return with_gateway_responses(replace(contract, operations=operations), access, serves=False)
    served = with_gateway_responses(contract, access)
    return replace(served, operations=tuple(_announced(each, headers) for each in served.operations))


def _announced(operation: Operation, headers: tuple[Header, ...]) -> Operation:
    """Return an operation each of whose answers carries the headers."""
    responses = tuple(
        replace(response, headers=(*response.headers, *headers)) for response in operation.responses
    )
    return replace(operation, responses=responses)
