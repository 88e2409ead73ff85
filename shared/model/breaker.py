"""When the gateway leaves a model server alone: the circuit breaker that every deployment has.

Page: learn.microsoft.com/azure/api-management/backends (circuit breaker). Its own example, three errors in a day open
the circuit for an hour, suits no model server: one bad minute would take a deployment out for long.
"""

from pulumi_azure_native import apimanagement

_FAILURES = 5
"""Failed calls that open the circuit; few enough for a model that is called rarely to be noticed within a minute."""

_INTERVAL = "PT1M"
"""The time in which they are counted, ISO 8601."""

_TRIP_DURATION = "PT30S"
"""How long the server is left alone, ISO 8601: about what it takes to start anew; its own Retry-After goes first."""

_BUSY = (429, 429)
_UNAVAILABLE = (502, 504)
"""What says that a server, or what stands in front of it, cannot answer anybody.

500 is not among them: model servers give it for a body that their code stumbles over, and the bodies of one consumer
must not take a deployment from all others.
"""

_NO_ANSWER = ("BackendConnectionFailure", "Timeout")
"""Reasons of failures without an answer, as `context.LastError.Reason` has them.

Page: learn.microsoft.com/azure/api-management/api-management-error-handling-policies.
"""


def circuit_breaker() -> apimanagement.BackendCircuitBreakerArgs:
    """Return the one rule that a backend can have."""
    return apimanagement.BackendCircuitBreakerArgs(
        rules=[
            apimanagement.CircuitBreakerRuleArgs(
                name="unavailable",
                failure_condition=apimanagement.CircuitBreakerFailureConditionArgs(
                    count=_FAILURES,
                    interval=_INTERVAL,
                    status_code_ranges=[
                        apimanagement.FailureStatusCodeRangeArgs(min=low, max=high)
                        for low, high in (_BUSY, _UNAVAILABLE)
                    ],
                    error_reasons=list(_NO_ANSWER),
                ),
                trip_duration=_TRIP_DURATION,
                accept_retry_after=True,
            )
        ]
    )
