"""`rate-limit`, `rate-limit-by-key` and `quota`.

https://learn.microsoft.com/azure/api-management/rate-limit-policy
https://learn.microsoft.com/azure/api-management/rate-limit-by-key-policy
https://learn.microsoft.com/azure/api-management/quota-policy
"""

from collections.abc import Callable
from datetime import timedelta

from local_azure.gateway.context import Context
from local_azure.gateway.counters import Usage
from local_azure.gateway.errors import GatewayError
from local_azure.gateway.statements.step import Place, Run, number_of, text_of, truth_of
from shared.azure.policy_statements import Scope
from shared.policies import Quota, RateLimit, RateLimitByKey

TOO_MANY_REQUESTS = 429
FORBIDDEN = 403
KILOBYTE = 1024


def rate_limit(statement: RateLimit, place: Place) -> Run:
    """Compile one `rate-limit`: a counter per subscription and place; without a key it does nothing."""

    def run(context: Context) -> None:
        if context.subscription is None:
            return
        key = f"{context.service.name}/rate-limit/{_owner(context, place.scope)}/{context.subscription.name}"
        usage = context.counters.rate(key, statement.calls, statement.renewal_period)
        if usage.remaining:
            context.counters.count_rate(key, statement.renewal_period)
        _report(statement, context, usage, statement.calls, counted=1)

    return run


def rate_limit_by_key(statement: RateLimitByKey, place: Place) -> Run:
    """Compile one `rate-limit-by-key`: a counter per key value, the same one wherever the key is the same.

    Without `increment-condition` a call counts when it comes; with one, when its response is known.
    """
    calls, period = number_of(statement.calls, place), number_of(statement.renewal_period, place)
    counter_key, increment = (
        text_of(statement.counter_key, place),
        number_of(statement.increment_count, place),
    )
    condition = statement.increment_condition
    counts = None if condition is None else truth_of(condition, place)

    def run(context: Context) -> None:
        key = f"{context.service.name}/rate-limit-by-key/{counter_key(context)}"
        limit, step, seconds = calls(context), increment(context), period(context)
        usage = context.counters.rate(key, limit, seconds)
        if usage.remaining:
            _count(context, counts, lambda: context.counters.count_rate(key, seconds, step))
        _report(statement, context, usage, limit, counted=0 if counts else step)

    return run


def _count(context: Context, counts: Callable[[Context], bool] | None, count: Callable[[], None]) -> None:
    """Count now, or when the response is known and the condition holds."""
    if counts is None:
        count()
    else:
        context.at_end.append(lambda _: count() if counts(context) else None)


def _report(
    statement: RateLimit | RateLimitByKey, context: Context, usage: Usage, calls: int, *, counted: int
) -> None:
    """Set the variables and headers that a rate limit names; raise 429 when nothing is left."""
    left = str(max(0, usage.remaining - counted))
    if statement.remaining_calls_variable_name:
        context.variables[statement.remaining_calls_variable_name] = int(left)
    _tell(context, statement.remaining_calls_header_name, left)
    _tell(context, statement.total_calls_header_name, str(calls))
    if usage.remaining:
        return
    if statement.retry_after_variable_name:
        context.variables[statement.retry_after_variable_name] = usage.retry_after
    raise GatewayError(
        TOO_MANY_REQUESTS,
        "RateLimitExceeded",
        f"Rate limit is exceeded. Try again in {usage.retry_after} seconds.",
        headers=((statement.retry_after_header_name or "Retry-After", str(usage.retry_after)),),
    )


def _tell(context: Context, header: str | None, value: str) -> None:
    if header:
        context.at_end.append(lambda response: response.headers.set(header, [value]))


def quota(statement: Quota, place: Place) -> Run:
    """Compile one `quota`: counters per subscription and place; without a key it does nothing.

    Bandwidth counts bodies, in kilobytes of 1,024 bytes; a streamed response counts as empty.
    """

    def run(context: Context) -> None:
        if context.subscription is None:
            return
        key = f"{context.service.name}/quota/{_owner(context, place.scope)}/{context.subscription.name}"
        calls, kilobytes, left = context.counters.quota(key, statement.renewal_period)
        if statement.calls is not None and calls >= statement.calls:
            raise _used_up("call volume", left)
        if statement.bandwidth is not None and kilobytes >= statement.bandwidth:
            raise _used_up("bandwidth", left)
        context.counters.count_quota(key, calls=1)
        if statement.bandwidth is not None:
            size = len(context.request.body)
            context.at_end.append(
                lambda response: context.counters.count_quota(
                    key, kilobytes=(size + len(response.body)) / KILOBYTE
                )
            )

    return run


def _used_up(what: str, left: int) -> GatewayError:
    renewal = f" Quota will be replenished in {time_span(left)}." if left else ""
    headers = (("Retry-After", str(left)),) if left else ()
    return GatewayError(FORBIDDEN, "QuotaExceeded", f"Out of {what} quota.{renewal}", headers=headers)


def time_span(seconds: int) -> str:
    """Write seconds as .NET writes a time span: `01:02:03`, `20.09:58:55`."""
    span = timedelta(seconds=seconds)
    hours, rest = divmod(span.seconds, 3600)
    clock = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return f"{span.days}.{clock}" if span.days else clock


def _owner(context: Context, scope: Scope) -> str:
    """Name the entity whose policy counts, so that equal limits at two places are counted apart."""
    api = context.api.name if context.api else ""
    match scope:
        case Scope.PRODUCT:
            return f"product/{context.product.name if context.product else ''}"
        case Scope.OPERATION:
            return f"api/{api}/operation/{context.operation.name if context.operation else ''}"
        case _:
            return f"api/{api}"
