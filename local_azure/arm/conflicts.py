"""Writes that API Management refuses because another one is not done yet.

One API, with all its revisions and everything below it, takes one write at a time: 409
`PessimisticConcurrencyConflict`, in the words that issues 141, 379 and 497 of Azure/apiops show. A service that is
being created, changed or deleted takes no second write of itself: 409 `ServiceLocked`, in the words that recorded tests
of Microsoft's JavaScript client show. A write is not done while its request is unanswered or its operation goes on.
"""

import time
from collections.abc import Callable

from local_azure.arm.addresses import Address, parse
from local_azure.arm.errors import ArmError
from local_azure.arm.messages import ArmRequest
from local_azure.arm.revision_ids import split
from local_azure.arm.types.apimanagement.names import API, SERVICE

_WRITES = frozenset({"PUT", "PATCH", "DELETE"})


class Conflicts:
    """What is being written; belongs to one event loop, which decides in the order of arrival."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Read the time, in seconds, from `now`."""
        self._now = now
        self._until: dict[str, float] = {}

    def enter(self, request: ArmRequest) -> str:
        """Begin a write and return what it has to itself, empty for a request that needs nothing to itself.

        Raises ArmError (409) while another write has it.
        """
        address = parse(request.path) if request.method in _WRITES else None
        whole, refusal = _to_itself(address) if address else ("", None)
        if refusal and self._now() < self._until.get(whole, 0.0):
            raise refusal
        if whole:
            self._until[whole] = float("inf")
        return whole

    def leave(self, whole: str, until: float = 0.0) -> None:
        """End a write whose request is answered now, and whose operation goes on until then."""
        self._until[whole] = until
        self._until = {key: end for key, end in self._until.items() if self._now() < end}


def _to_itself(address: Address) -> tuple[str, ArmError | None]:
    """Return the key of what a write of this has to itself, and the refusal of another write; empty for nothing."""
    api = address.enclosing(API)
    if api is not None and api.name is not None:
        return split(api.key)[0], _api_in_progress()
    if address.type.lower() == SERVICE.lower() and address.name is not None:
        return address.key, _service_locked(address.name)
    return "", None


def _api_in_progress() -> ArmError:
    message = "Operation on the API is in progress"
    return ArmError(409, "PessimisticConcurrencyConflict", message, details=())


def _service_locked(name: str) -> ArmError:
    message = f"The API Service {name} is transitioning at this time. Please try the request again later."
    return ArmError(409, "ServiceLocked", message, details=())
