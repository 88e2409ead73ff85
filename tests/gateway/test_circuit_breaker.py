"""https://learn.microsoft.com/azure/api-management/backends#circuit-breaker."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from local_azure.gateway.breakers import retry_after
from local_azure.gateway.configuration import Backend as BackendEntity
from local_azure.gateway.configuration import CircuitBreakerRule, Service
from local_azure.gateway.messages import Headers
from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway, error, free_url

PATH = "/species/v1/ready"
RULE = CircuitBreakerRule(
    count=2,
    interval=60,
    trip_duration=30,
    status_codes=((429, 429), (500, 599)),
    error_reasons=frozenset({"backendconnectionfailure"}),
)
USED = '<base /><set-backend-service backend-id="species" />'


def protected(url: str, rule: CircuitBreakerRule | None = RULE, name: str = "contoso") -> Service:
    reason = header("x-reason", "@(context.LastError.Reason)")
    deployed = service(None, policy=policy(inbound=USED, on_error="<base />" + reason))
    return replace(deployed, name=name, backends=(BackendEntity("Species", url, rule),))


def call(gateway: Gateway) -> int:
    return gateway.get(PATH, ocp_apim_subscription_key=KEY).status_code


def test_backend_that_failed_too_often_is_left_alone_for_a_while(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(protected(backend.url))
    backend.status = 500
    assert [call(gateway), call(gateway)] == [500, 500]
    backend.status = 200
    refused = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert error(refused) == (503, "Service Unavailable")
    assert refused.headers["x-reason"] == "BackendCircuitBreakerOpen"
    assert len(backend.received) == 2
    gateway.clock.now += 29
    assert call(gateway) == 503
    gateway.clock.now += 1
    assert call(gateway) == 200


def test_failures_are_counted_anew_when_the_circuit_closes(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(protected(backend.url))
    backend.status = 500
    assert [call(gateway) for _ in range(3)] == [500, 500, 503]
    gateway.clock.now += 30
    assert [call(gateway) for _ in range(3)] == [500, 500, 503]


def test_failures_of_long_ago_do_not_count(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(protected(backend.url))
    backend.status = 599
    assert call(gateway) == 599
    gateway.clock.now += 60
    assert [call(gateway), call(gateway), call(gateway)] == [599, 599, 503]


@pytest.mark.parametrize(("status", "opens"), [(429, True), (500, True), (200, False), (428, False)])
def test_rule_says_which_status_is_a_failure(
    gateway: Gateway, backend: Backend, status: int, *, opens: bool
) -> None:
    gateway.deploy(protected(backend.url))
    backend.status = status
    assert [call(gateway) for _ in range(3)] == [status, status, 503 if opens else status]


@pytest.mark.parametrize(("reason", "third"), [("BackendConnectionFailure", 503), ("Timeout", 500)])
def test_rule_says_which_reason_is_a_failure(gateway: Gateway, reason: str, third: int) -> None:
    gateway.deploy(protected(free_url(), replace(RULE, error_reasons=frozenset({reason}))))
    assert [call(gateway) for _ in range(3)] == [500, 500, third]


@pytest.mark.parametrize(("accepted", "waited"), [(True, 7), (False, 30)])
def test_retry_after_of_the_backend_goes_first_when_the_rule_says_so(
    gateway: Gateway, backend: Backend, waited: int, *, accepted: bool
) -> None:
    gateway.deploy(protected(backend.url, replace(RULE, count=1, accept_retry_after=accepted)))
    backend.status, backend.headers = 429, {"Retry-After": "7"}
    assert call(gateway) == 429
    gateway.clock.now += waited - 1
    assert call(gateway) == 503
    gateway.clock.now += 1
    assert call(gateway) == 429


def test_backend_without_a_rule_is_never_left_alone(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(protected(backend.url, None))
    backend.status = 500
    assert [call(gateway) for _ in range(5)] == [500] * 5


def test_plain_url_is_another_backend(gateway: Gateway, backend: Backend) -> None:
    deployed = protected(backend.url)
    both = USED + f'<set-backend-service base-url="{backend.url}" />'
    gateway.deploy(replace(deployed, apis=(replace(deployed.apis[0], policy=policy(inbound=both)),)))
    backend.status = 500
    assert [call(gateway) for _ in range(3)] == [500] * 3


def test_circuit_stays_open_over_a_changed_configuration_but_not_a_changed_rule(
    gateway: Gateway, backend: Backend
) -> None:
    gateway.deploy(protected(backend.url))
    backend.status = 500
    assert [call(gateway), call(gateway)] == [500, 500]
    gateway.deploy(protected(backend.url))
    assert call(gateway) == 503
    gateway.deploy(protected(backend.url, replace(RULE, count=3)))
    assert call(gateway) == 500


@pytest.mark.parametrize(
    ("value", "seconds"), [("0", 0), ("120", 120), ("soon", None), ("-1", None), ("", None), ("²", None)]
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(Headers([("retry-after", value)])) == seconds


def test_retry_after_as_a_date() -> None:
    soon, past = (datetime.now(UTC) + timedelta(seconds=seconds) for seconds in (60, -60))
    waited = retry_after(Headers([("Retry-After", format_datetime(soon, usegmt=True))]))
    assert waited is not None
    assert 50 < waited <= 60
    assert retry_after(Headers([("Retry-After", format_datetime(past))])) == 0
