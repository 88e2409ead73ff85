"""Circuit breakers: backends that failed too often are left alone for a while.

https://learn.microsoft.com/azure/api-management/backends#circuit-breaker
"""

import math
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from local_azure.gateway.configuration import Backend, CircuitBreakerRule
from local_azure.gateway.counters import Clock
from local_azure.gateway.errors import GatewayError
from local_azure.gateway.messages import Headers

UNAVAILABLE = 503


class Breaker:
    """The circuit breaker of one backend; without a rule it is always closed."""

    def __init__(self, name: str, rule: CircuitBreakerRule | None, clock: Clock) -> None:
        """Start closed. `name` is the backend's."""
        self.rule = rule
        self._name = name
        self._clock = clock
        self._failures: list[float] = []
        self._open_until = -math.inf

    @property
    def is_open(self) -> bool:
        """Whether the backend is left alone now."""
        return self._clock() < self._open_until

    def check(self) -> None:
        """Raise `GatewayError` 503 while the circuit is open."""
        if self.is_open:
            raise circuit_open(f"The circuit breaker of the backend '{self._name}' is open.")

    def answered(self, status_code: int, headers: Headers) -> None:
        """Count a response whose status is a failure by the rule."""
        rule = self.rule
        if rule is None or not any(low <= status_code <= high for low, high in rule.status_codes):
            return
        wait = retry_after(headers) if rule.accept_retry_after else None
        self._count(rule, rule.trip_duration if wait is None else wait)

    def failed(self, reason: str) -> None:
        """Count a backend that gave no response, for a reason that the rule names."""
        rule = self.rule
        if rule is not None and reason.lower() in {known.lower() for known in rule.error_reasons}:
            self._count(rule, rule.trip_duration)

    def _count(self, rule: CircuitBreakerRule, trip_duration: float) -> None:
        now = self._clock()
        recent = [moment for moment in self._failures if moment > now - rule.interval]
        self._failures = [*recent, now]
        if len(self._failures) >= rule.count:
            self._failures, self._open_until = [], now + trip_duration


class Breakers:
    """The circuit breakers of one gateway; they outlive a changed configuration, but not a changed rule."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Start with every circuit closed."""
        self._clock = clock
        self._known: dict[tuple[str, str], Breaker] = {}

    def of(self, service: str, backend: Backend | None) -> Breaker:
        """Return a backend's breaker; a plain URL has none that ever opens."""
        if backend is None or backend.circuit_breaker is None:
            return Breaker("", None, self._clock)
        key = (service.lower(), backend.name.lower())
        breaker = self._known.get(key)
        if breaker is None or breaker.rule != backend.circuit_breaker:
            self._known[key] = breaker = Breaker(backend.name, backend.circuit_breaker, self._clock)
        return breaker


def circuit_open(message: str) -> GatewayError:
    """Return what ends a request that no backend may get."""
    return GatewayError(UNAVAILABLE, "BackendCircuitBreakerOpen", message, public="Service Unavailable")


def retry_after(headers: Headers) -> float | None:
    """Return the seconds that `Retry-After` names, as a number or as a date; None when it names none."""
    value = (headers.get("Retry-After") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
