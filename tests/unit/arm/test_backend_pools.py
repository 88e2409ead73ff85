"""Backend pools: learn.microsoft.com/azure/api-management/backends#load-balanced-pool."""

import pytest
from pydantic import JsonValue

from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.json_values import JsonObject, find
from local_azure.gateway.configuration import Backend, BackendPool, PoolMember
from tests.unit.arm.local_arm import SERVICE, LocalArm

POOL = f"{SERVICE}/backends/both"
URL = "https://model.contoso.example"
SINGLE: JsonObject = {"properties": {"url": URL, "protocol": "http"}}


def _pool(*services: JsonValue, **more: JsonValue) -> JsonObject:
    return {"properties": {"type": "Pool", "pool": {"services": [*services]}, **more}}


def _member(name: str, **more: JsonValue) -> JsonObject:
    return {"id": f"/backends/{name}", **more}


@pytest.fixture
def arm(arm: LocalArm) -> LocalArm:
    """Two single backends are there."""
    for name in ("one", "two"):
        arm.put(f"{SERVICE}/backends/{name}", SINGLE)
    return arm


def test_a_pool_keeps_its_backends_by_their_full_ids(arm: LocalArm) -> None:
    told = arm.put(
        POOL, _pool({"id": f"{SERVICE}/backends/one".upper(), "priority": 1, "weight": 3}, _member("two"))
    )
    assert find(told, "properties", "type") == "Pool"
    assert find(told, "properties", "pool", "services") == [
        {"id": f"{SERVICE}/backends/one", "priority": 1, "weight": 3},
        {"id": f"{SERVICE}/backends/two"},
    ]
    assert told == arm.get(POOL)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (_pool(_member("one"), url=URL), "Url is not supported for backend pool."),
        (_pool(_member("one"), protocol="http"), "Protocol is not supported for backend pool."),
        (
            _pool(_member("one"), circuitBreaker={"rules": []}),
            "CircuitBreaker is not supported for backend pool.",
        ),
        (_pool(), "'pool.services' needs at least 1 entries."),
        ({"properties": {"type": "Pool"}}, "A backend pool has 1 to 30 services, not 0."),
        (_pool(*[_member("one")] * 31), "A backend pool has 1 to 30 services, not 31."),
        (_pool(_member("nowhere")), "'/backends/nowhere' is not one of the backends of this service."),
        (_pool({"id": "one"}), "'one' is not one of the backends of this service."),
        (_pool({"priority": 1}), "'pool.services[0].id' is required."),
        (_pool(_member("one", priority=101)), "priority' may be at most 100, not 101."),
        (_pool(_member("one", weight=-1)), "weight' has to be at least 0, not -1."),
        (
            _pool(_member("one"), credentials={"header": {"x-key": ["{{nowhere}}"]}}),
            "Property 'nowhere' not found.",
        ),
        (
            {"properties": {"url": URL, "protocol": "http", "pool": {"services": [_member("one")]}}},
            "'Single'",
        ),
    ],
)
def test_what_is_no_pool_is_refused(arm: LocalArm, body: JsonObject, sentence: str) -> None:
    status, code, told = arm.refusal("PUT", POOL, body)
    assert (status, code) == (400, "ValidationError")
    assert sentence in told


def test_a_pool_of_thirty_backends_is_accepted(arm: LocalArm) -> None:
    for number in range(30):
        arm.put(f"{SERVICE}/backends/many-{number}", SINGLE)
    arm.put(POOL, _pool(*(_member(f"many-{number}") for number in range(30))))


def test_all_that_a_pool_cannot_have_is_told_at_once(arm: LocalArm) -> None:
    told = arm.refusal("PUT", POOL, _pool(_member("one"), url=URL, protocol="http"))[2]
    assert told.endswith("Url is not supported for backend pool. Protocol is not supported for backend pool.")


def test_a_pool_cannot_be_in_a_pool(arm: LocalArm) -> None:
    nested = "A backend pool can have single backends only: "
    arm.put(POOL, _pool(_member("one")))
    outer = arm.refusal("PUT", f"{SERVICE}/backends/outer", _pool(_member("two"), _member("both")))
    assert f"{nested}'/backends/both' is a pool itself." in outer[2]
    in_itself = arm.refusal("PUT", f"{SERVICE}/backends/two", _pool(_member("two")))
    assert f"{nested}'/backends/two' is a pool itself." in in_itself[2]
    becoming = arm.refusal("PUT", f"{SERVICE}/backends/one", _pool(_member("two")))
    assert f"{nested}'one' is one of the services of the pool 'both'." in becoming[2]


def test_a_backend_stays_as_long_as_a_pool_has_it(arm: LocalArm) -> None:
    arm.put(POOL, _pool(_member("ONE"), _member("two")))
    status, code, sentence = arm.refusal("DELETE", f"{SERVICE}/backends/One")
    assert (status, code) == (400, "ValidationError")
    assert sentence == "The Backend 'one' is used by the following entities:\r\n/backends/both\r\n"
    arm.put(POOL, _pool(_member("two")))
    assert arm.send("DELETE", f"{SERVICE}/backends/one").status == 200
    assert arm.send("DELETE", POOL).status == 200
    assert arm.send("DELETE", f"{SERVICE}/backends/two").status == 200


def test_a_pool_stays_as_long_as_a_policy_sends_calls_to_it(arm: LocalArm) -> None:
    arm.put(POOL, _pool(_member("one")))
    document = '<policies><inbound><set-backend-service backend-id="both" /></inbound></policies>'
    policy: JsonObject = {"properties": {"value": document, "format": "rawxml"}}
    arm.put(f"{SERVICE}/policies/policy", policy)
    assert "/policies/policy\r\n" in arm.refusal("DELETE", POOL)[2]


def test_weights_are_changed_alone(arm: LocalArm) -> None:
    arm.put(POOL, _pool(_member("one", weight=100), _member("two", weight=0), title="Both"))
    shifted: JsonValue = [_member("one", weight=95), _member("two", weight=5)]
    told = arm.send("PATCH", POOL, {"properties": {"pool": {"services": shifted}}}).body
    assert find(told, "properties", "title") == "Both"
    assert find(told, "properties", "pool", "services") == [
        {"id": f"{SERVICE}/backends/one", "weight": 95},
        {"id": f"{SERVICE}/backends/two", "weight": 5},
    ]


def test_the_service_carries_its_pools(arm: LocalArm) -> None:
    arm.put(POOL, _pool(_member("ONE", priority=2, weight=0), _member("two")))
    one, two = Backend("one", URL), Backend("two", URL)
    assert GatewayConfiguration(arm.store).current()["apim-contoso"].service.backends == (
        one,
        two,
        BackendPool("both", (PoolMember(one, priority=2, weight=0), PoolMember(two, priority=0, weight=1))),
    )
