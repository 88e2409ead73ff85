"""The circuit breaker of a backend: https://learn.microsoft.com/azure/api-management/backends#circuit-breaker."""

from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from local_azure.arm.errors import invalid_field
from local_azure.arm.json_values import JsonObject, find, objects_at, text
from local_azure.gateway.configuration import CircuitBreakerRule

_WHERE = "circuitBreaker"
_DURATION = TypeAdapter(timedelta)


def circuit_breaker_rule(body: JsonObject) -> CircuitBreakerRule | None:
    """Return the rule of a backend, None for one without; an `ArmError` says what cannot be executed."""
    rules = objects_at(body, "properties", _WHERE, "rules")
    if not rules:
        return None
    if len(rules) > 1:
        raise invalid_field(_WHERE, "Only one rule can be configured for a backend circuit breaker.")
    (rule,) = rules
    count = find(rule, "failureCondition", "count")
    if not isinstance(count, int) or count < 1:
        raise invalid_field(
            _WHERE, "The local Azure counts failures: give failureCondition.count, a whole number from 1."
        )
    reasons = find(rule, "failureCondition", "errorReasons")
    return CircuitBreakerRule(
        count=count,
        interval=_seconds(rule, "failureCondition", "interval"),
        trip_duration=_seconds(rule, "tripDuration"),
        status_codes=tuple(
            (_status(found, "min"), _status(found, "max"))
            for found in objects_at(rule, "failureCondition", "statusCodeRanges")
        ),
        error_reasons=frozenset(str(reason) for reason in reasons)
        if isinstance(reasons, list)
        else frozenset(),
        accept_retry_after=rule.get("acceptRetryAfter") is True,
    )


def _seconds(rule: JsonObject, *path: str) -> float:
    written = text(rule, *path)
    try:
        duration = _DURATION.validate_python(written if written.startswith("P") else None)
    except ValidationError:
        name = ".".join(path)
        raise invalid_field(
            _WHERE, f"{name} is '{written}'; write an ISO 8601 duration, as PT1M for a minute."
        ) from None
    return duration.total_seconds()


def _status(found: JsonObject, name: str) -> int:
    value = found.get(name)
    if not isinstance(value, int):
        raise invalid_field(_WHERE, f"A range of statusCodeRanges needs {name}, a status code.")
    return value
