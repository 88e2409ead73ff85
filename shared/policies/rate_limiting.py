"""Rate limiting and quotas.

Index: learn.microsoft.com/azure/api-management/api-management-policies (Rate limiting and quotas).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from shared.azure.policy_statements import QUOTA_MIN_RENEWAL_PERIOD, RATE_LIMIT_MAX_RENEWAL_PERIOD
from shared.policies.expressions import Expression
from shared.policies.statement import Statement

_PER_API = {
    "api": "give the API a policy document of its own, with its own limit",
}


@dataclass(frozen=True)
class RateLimit(Statement):
    """`<rate-limit>`: so many calls per subscription in a period, then 429 Too Many Requests.

    Counts only calls that carry a subscription key.
    Page:
    learn.microsoft.com/azure/api-management/rate-limit-policy.
    """

    element: ClassVar[str] = "rate-limit"
    refused: ClassVar[Mapping[str, str]] = _PER_API

    calls: int
    """How many calls a subscription may make in one period."""

    renewal_period: int
    """The length of the period in seconds, at most 300."""

    retry_after_header_name: str | None = None
    """The response header that tells in how many seconds to try again; None for Retry-After."""

    retry_after_variable_name: str | None = None
    """The context variable that keeps the same number of seconds."""

    remaining_calls_header_name: str | None = None
    """The response header that tells how many calls are left in the period."""

    remaining_calls_variable_name: str | None = None
    """The context variable that keeps how many calls are left."""

    total_calls_header_name: str | None = None
    """The response header that repeats `calls`."""

    def problems(self) -> Iterator[str]:
        """Check the numbers against the limits of the reference."""
        yield from _positive("calls", self.calls)
        yield from _rate_limit_period(self.renewal_period)


@dataclass(frozen=True)
class RateLimitByKey(Statement):
    """`<rate-limit-by-key>`: so many calls per key in a period, then 429 Too Many Requests.

    One counter per key, shared by every scope that uses it. Not on Consumption.
    Page: learn.microsoft.com/azure/api-management/rate-limit-by-key-policy.
    """

    element: ClassVar[str] = "rate-limit-by-key"

    calls: int | Expression
    """How many calls a key may make in one period."""

    renewal_period: int | Expression
    """The length of the period in seconds, at most 300."""

    counter_key: str | Expression
    """What is counted apart: every value has its own counter."""

    increment_condition: bool | Expression | None = None
    """Whether this call counts; every call does when it is missing. May look at the response."""

    increment_count: int | Expression = 1
    """By how much a call raises the counter."""

    retry_after_header_name: str | None = None
    """The response header that tells in how many seconds to try again; None for Retry-After."""

    retry_after_variable_name: str | None = None
    """The context variable that keeps the same number of seconds."""

    remaining_calls_header_name: str | None = None
    """The response header that tells how many calls are left for the key."""

    remaining_calls_variable_name: str | None = None
    """The context variable that keeps how many calls are left for the key."""

    total_calls_header_name: str | None = None
    """The response header that repeats `calls`."""

    def problems(self) -> Iterator[str]:
        """Check the numbers that are known before a request comes."""
        if isinstance(self.calls, int):
            yield from _positive("calls", self.calls)
        if isinstance(self.renewal_period, int):
            yield from _rate_limit_period(self.renewal_period)


@dataclass(frozen=True)
class Quota(Statement):
    """`<quota>`: so many calls or kilobytes per subscription in a period, then 403 Forbidden.

    Counts only calls that carry a subscription key.
    Page:
    learn.microsoft.com/azure/api-management/quota-policy.
    """

    element: ClassVar[str] = "quota"
    refused: ClassVar[Mapping[str, str]] = _PER_API

    calls: int | None
    """How many calls a subscription may make in one period."""

    renewal_period: int
    """The length of the period in seconds, from 300; 0 for a quota that never renews."""

    bandwidth: int | None = None
    """How many kilobytes a subscription may move in one period."""

    def problems(self) -> Iterator[str]:
        """Check the numbers against the limits of the reference."""
        if self.calls is None and self.bandwidth is None:
            yield "limits nothing: set calls, bandwidth or both"
        if self.calls is not None:
            yield from _positive("calls", self.calls)
        if self.bandwidth is not None:
            yield from _positive("bandwidth", self.bandwidth)
        if self.renewal_period != 0 and self.renewal_period < QUOTA_MIN_RENEWAL_PERIOD:
            yield (
                f"has renewal-period {self.renewal_period}: use at least {QUOTA_MIN_RENEWAL_PERIOD} seconds, "
                "or 0 for a quota that never renews"
            )


def _positive(name: str, value: int) -> Iterator[str]:
    if value < 1:
        yield f"has {name} {value}: use at least 1"


def _rate_limit_period(seconds: int) -> Iterator[str]:
    if not 1 <= seconds <= RATE_LIMIT_MAX_RENEWAL_PERIOD:
        yield f"has renewal-period {seconds}: use 1 to {RATE_LIMIT_MAX_RENEWAL_PERIOD} seconds, or a quota"
