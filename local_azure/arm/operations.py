"""Operations that are going on, or that failed: kept in memory alone, by the monotonic clock.

A write is in the store once it is accepted, so a restart loses nothing of it: what was going on is done then. An
operation that succeeds at once leaves nothing here; the store tells how it ended.
"""

import base64
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from local_azure.arm.messages import Failure
from local_azure.arm.store import Entity

_MOST_FAILED = 100
"""Failed operations that are kept for those who ask how they ended."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation."""

    key: str
    """The lower-cased id of its resource."""
    state: str
    """What the resource tells as `provisioningState` while the operation goes on."""
    until: float
    """When it ends, by the clock of `Operations`."""
    failure: Failure | None = None
    """How it ends, None when it succeeds."""


class Operations:
    """What is going on; safe to use from several threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Read the time, in seconds, from `now`: a jump of the machine's clock changes nothing."""
        self._now = now
        self._guard = threading.Lock()
        self._kept: dict[str, Operation] = {}

    def begin(self, entity: Entity, state: str, until: float, failure: Failure | None) -> str:
        """Begin an operation on a resource and return its name, which holds the id of the resource."""
        encoded = base64.urlsafe_b64encode(entity.id.encode()).decode().rstrip("=")
        name = f"{encoded}.{uuid.uuid4().hex}"
        with self._guard:
            going_on = {key: kept for key, kept in self._kept.items() if self._lasts(kept)}
            failed = [(key, kept) for key, kept in self._kept.items() if kept.failure and key not in going_on]
            self._kept = {**dict(failed[-_MOST_FAILED:]), **going_on}
            self._kept[name] = Operation(entity.key, state, until, failure)
        return name

    def find(self, name: str) -> Operation | None:
        """Return an operation that goes on or has failed, None for one that there is nothing to tell of."""
        with self._guard:
            return self._kept.get(name)

    def remaining(self, name: str) -> float:
        """Return for how many seconds an operation still goes on, 0 when it has ended."""
        operation = self.find(name)
        return 0.0 if operation is None else max(0.0, operation.until - self._now())

    def state(self, entity: Entity) -> str | None:
        """Return the provisioning state of a resource while an operation on it goes on, None otherwise."""
        with self._guard:
            states = [
                kept.state for kept in self._kept.values() if kept.key == entity.key and self._lasts(kept)
            ]
        return states[-1] if states else None

    def _lasts(self, operation: Operation) -> bool:
        return self._now() < operation.until
