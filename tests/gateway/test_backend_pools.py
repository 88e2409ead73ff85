"""https://learn.microsoft.com/azure/api-management/backends#load-balanced-pool."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from local_azure.gateway.breakers import Breakers
from local_azure.gateway.configuration import Backend as BackendEntity
from local_azure.gateway.configuration import BackendPool, CircuitBreakerRule, PoolMember, Service
from local_azure.gateway.pools import choose
from tests.gateway import servers
from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway, error

RULE = CircuitBreakerRule(count=1, interval=60, trip_duration=30, status_codes=((500, 599),))
CALLS = 400
USED = '<base /><set-backend-service backend-id="Both" />'


@pytest.fixture(scope="module")
def other_server() -> Iterator[Backend]:
    backend = Backend()
    with servers.served(backend.app()) as url:
        backend.url = url
        yield backend


@pytest.fixture
def other(other_server: Backend) -> Backend:
    other_server.received.clear()
    other_server.status = 200
    return other_server


def pooled(*members: PoolMember) -> Service:
    reason = header("x-reason", "@(context.LastError.Reason)")
    deployed = service(None, policy=policy(inbound=USED, on_error="<base />" + reason))
    return replace(deployed, backends=(BackendPool("both", members), *(member.backend for member in members)))


def member(
    name: str, backend: Backend, rule: CircuitBreakerRule | None = RULE, priority: int = 0
) -> PoolMember:
    return PoolMember(BackendEntity(name, backend.url, rule), priority)


def calls(gateway: Gateway, number: int) -> list[int]:
    answers = (gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY) for _ in range(number))
    return [answer.status_code for answer in answers]


def shares(*weights: int) -> list[int]:
    """Return how many of many calls each backend gets, all of one priority."""
    backends = [BackendEntity(f"weight-{weight}-{index}", "") for index, weight in enumerate(weights)]
    pool = BackendPool("pool", tuple(map(PoolMember, backends, [0] * len(weights), weights)))
    breakers, chance = Breakers(), Random(1)  # noqa: S311 - the same choices each time
    counted = Counter(
        choose(pool, lambda backend: breakers.of("contoso", backend), chance).name for _ in range(CALLS)
    )
    return [counted[backend.name] for backend in backends]


@pytest.mark.parametrize(
    ("weights", "expected"), [((1, 1), (200, 200)), ((3, 1), (300, 100)), ((0, 0), (200, 200))]
)
def test_calls_are_spread_by_weight(weights: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert shares(*weights) == pytest.approx(expected, abs=30)


def test_backend_without_weight_gets_no_call_beside_others() -> None:
    assert shares(100, 0) == [CALLS, 0]
    assert shares(5, 0, 15)[1] == 0


def test_each_call_goes_to_one_of_the_backends(gateway: Gateway, backend: Backend, other: Backend) -> None:
    gateway.deploy(pooled(member("one", backend), member("two", other)))
    assert calls(gateway, 40) == [200] * 40
    assert len(backend.received) + len(other.received) == 40
    assert min(len(backend.received), len(other.received)) > 5


def test_backend_whose_circuit_is_open_is_passed_over(
    gateway: Gateway, backend: Backend, other: Backend
) -> None:
    gateway.deploy(pooled(member("one", backend), member("two", other)))
    backend.status = 500
    answers = calls(gateway, 40)
    assert (answers.count(500), answers.count(200), len(backend.received)) == (1, 39, 1)
    backend.status = 200
    gateway.clock.now += 30
    assert calls(gateway, 40) == [200] * 40
    assert len(backend.received) > 5


def test_next_priority_is_called_only_when_all_circuits_of_the_first_are_open(
    gateway: Gateway, backend: Backend, other: Backend
) -> None:
    first = (member("one", backend, priority=1), member("two", backend, priority=1))
    gateway.deploy(pooled(member("spare", other, priority=2), *first))
    assert calls(gateway, 10) == [200] * 10
    backend.status = 500
    assert calls(gateway, 1) == [500]
    assert not other.received
    assert calls(gateway, 3) == [500, 200, 200]
    assert (len(backend.received), len(other.received)) == (12, 2)
    backend.status = 200
    gateway.clock.now += 30
    assert calls(gateway, 3) == [200] * 3
    assert len(other.received) == 2


def test_priority_without_circuit_breakers_never_gives_way(
    gateway: Gateway, backend: Backend, other: Backend
) -> None:
    gateway.deploy(pooled(member("one", backend, None, priority=1), member("spare", other, priority=2)))
    backend.status = 500
    assert calls(gateway, 10) == [500] * 10
    assert not other.received


def test_backend_without_weight_is_called_before_the_next_priority(
    gateway: Gateway, backend: Backend, other: Backend
) -> None:
    idle = replace(member("idle", other), weight=0)
    gateway.deploy(pooled(member("one", backend), idle, member("spare", backend, priority=1)))
    assert calls(gateway, 10) == [200] * 10
    assert not other.received
    backend.status = 500
    assert calls(gateway, 3) == [500, 200, 200]
    assert len(other.received) == 2


def test_pool_whose_circuits_are_all_open_refuses_calls(
    gateway: Gateway, backend: Backend, other: Backend
) -> None:
    gateway.deploy(pooled(member("one", backend), member("two", other, priority=1)))
    backend.status = other.status = 503
    assert calls(gateway, 2) == [503, 503]
    refused = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert error(refused) == (503, "Service Unavailable")
    assert refused.headers["x-reason"] == "BackendCircuitBreakerOpen"
    assert (len(backend.received), len(other.received)) == (1, 1)


def test_circuit_of_a_backend_is_the_same_in_a_pool_and_alone(
    gateway: Gateway, backend: Backend, other: Backend
) -> None:
    both = pooled(member("one", backend), member("two", other, priority=1))
    alone = policy(inbound='<base /><set-backend-service backend-id="one" />')
    gateway.deploy(replace(both, apis=(replace(both.apis[0], policy=alone),)))
    backend.status = 500
    assert calls(gateway, 2) == [500, 503]
    gateway.deploy(both)
    assert calls(gateway, 2) == [200, 200]
    assert len(other.received) == 2


def test_circuits_stay_open_over_changed_weights(gateway: Gateway, backend: Backend, other: Backend) -> None:
    one, two = member("one", backend), member("two", other, priority=1)
    gateway.deploy(pooled(one, two))
    backend.status = 500
    assert calls(gateway, 2) == [500, 200]
    gateway.deploy(pooled(replace(one, weight=50), replace(two, weight=50)))
    assert calls(gateway, 2) == [200, 200]
    assert len(backend.received) == 1


def test_later_statement_replaces_the_pool(gateway: Gateway, backend: Backend, other: Backend) -> None:
    replaced = policy(inbound=USED + f'<set-backend-service base-url="{other.url}" />')
    both = pooled(member("one", backend))
    gateway.deploy(replace(both, apis=(replace(both.apis[0], policy=replaced),)))
    assert calls(gateway, 1) == [200]
    assert (len(backend.received), len(other.received)) == (0, 1)


def test_a_canary_gets_about_its_share_and_none_while_its_circuit_is_open(
    gateway: Gateway, backend: Backend, other: Backend
) -> None:
    main, green = member("main", backend), member("green", other)
    gateway.deploy(pooled(replace(main, weight=90), replace(green, weight=10)))
    assert set(calls(gateway, 200)) == {200}
    assert 8 <= len(other.received) <= 35
    assert len(backend.received) + len(other.received) == 200

    other.status = 503
    while 503 not in calls(gateway, 1):
        pass
    failed = len(other.received)
    calls(gateway, 200)
    assert len(other.received) - failed <= RULE.count
    backend.received.clear()
    other.received.clear()
    assert set(calls(gateway, 50)) == {200}
    assert (len(backend.received), len(other.received)) == (50, 0)
