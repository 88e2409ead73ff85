"""Writes that meet another one on their way."""

import asyncio

import pytest
from pydantic import JsonValue

from local_azure.arm.conflicts import Conflicts
from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import JsonObject, text
from local_azure.arm.messages import Answer, ArmRequest
from local_azure.arm.traffic import Traffic
from tests.unit.arm.local_arm import SERVICE, SERVICE_BODY, LocalArm, request_for

API = f"{SERVICE}/apis/iris"
API_BODY: JsonObject = {"properties": {"displayName": "Iris", "path": "iris"}}
OPERATION: JsonObject = {
    "properties": {"displayName": "Predict", "method": "POST", "urlTemplate": "/predict"}
}
POLICY: JsonObject = {
    "properties": {"format": "rawxml", "value": "<policies><inbound><base /></inbound></policies>"}
}
BUSY = {
    "error": {
        "code": "PessimisticConcurrencyConflict",
        "message": "Operation on the API is in progress",
        "details": None,
    }
}


def _meet(arm: LocalArm, *sent: tuple[str, str, JsonValue]) -> list[Answer]:
    """Send the requests while a write of the API is being carried out; its answer comes first."""

    async def run() -> list[Answer]:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def carry_out(request: ArmRequest) -> Answer:
            if not begun.is_set():
                begun.set()
                await go_on.wait()
            return arm.engine.handle(request)

        traffic = Traffic(carry_out)
        first = asyncio.create_task(traffic.answer(request_for("PUT", API, API_BODY)))
        await begun.wait()
        others = [await traffic.answer(request_for(*request)) for request in sent]
        go_on.set()
        return [answer for answer in (await first, *others) if answer]

    return asyncio.run(run())


@pytest.mark.parametrize(
    "write",
    [
        ("PUT", API, API_BODY),
        ("PATCH", API, API_BODY),
        ("DELETE", API, None),
        ("PUT", API.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), API_BODY),
        ("PUT", f"{API};rev=2", API_BODY),
        ("PUT", f"{API}/operations/predict", OPERATION),
        ("DELETE", f"{API};rev=1/operations/predict", None),
        ("PUT", f"{API}/policies/policy", POLICY),
        ("PUT", f"{API}/operations/predict/policies/policy", POLICY),
    ],
)
def test_an_api_takes_one_write_at_a_time(arm: LocalArm, write: tuple[str, str, JsonValue]) -> None:
    arm.put(API, API_BODY)
    before = arm.store.below(API)
    first, second = _meet(arm, write)
    assert (first.status, second.status, second.body) == (200, 409, BUSY)
    assert arm.store.below(API) == before


def test_what_is_not_below_the_api_is_written_and_everything_is_read_meanwhile(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    other: JsonObject = {"properties": {"displayName": "Iris 2", "path": "iris-2"}}

    answers = _meet(
        arm,
        ("GET", API, None),
        ("HEAD", API, None),
        ("GET", f"{API}/operations", None),
        ("PUT", f"{SERVICE}/apis/iris-2", other),
        ("PUT", f"{SERVICE}/groups/team", {"properties": {"displayName": "Team"}}),
    )
    assert [answer.status for answer in answers] == [200, 200, 200, 200, 201, 201]


def _one_by_one(arm: LocalArm, latency: float, *sent: tuple[str, str, JsonValue]) -> list[Answer]:
    """Send one request after the other, the clock standing still."""
    return asyncio.run(_answers(_traffic(arm, latency), *sent))


def _traffic(arm: LocalArm, latency: float) -> Traffic:
    async def carry_out(request: ArmRequest) -> Answer:
        return arm.engine.handle(request)

    return Traffic(carry_out, latency, now=arm.clock)


async def _answers(traffic: Traffic, *sent: tuple[str, str, JsonValue]) -> list[Answer]:
    answers = [await traffic.answer(request_for(*request)) for request in sent]
    return [answer for answer in answers if answer]


def test_apis_whose_names_begin_alike_have_nothing_to_do_with_each_other() -> None:
    conflicts = Conflicts()
    conflicts.enter(request_for("PUT", f"{API};a", API_BODY))
    conflicts.enter(request_for("PUT", f"{API};b", API_BODY))
    with pytest.raises(ArmError):
        conflicts.enter(request_for("PUT", f"{API};a;rev=2", API_BODY))


def test_an_api_is_free_again_once_its_write_is_answered(arm: LocalArm) -> None:
    wrong: JsonObject = {"properties": {"displayName": "Iris"}}
    requests = [("PUT", API, body) for body in (wrong, API_BODY, API_BODY)]
    assert [answer.status for answer in _one_by_one(arm, 0, *requests)] == [400, 201, 200]


def test_an_api_is_busy_until_its_operation_ends(arm: LocalArm) -> None:
    traffic = _traffic(arm, 0.001)
    operation = ("PUT", f"{API}/operations/predict", OPERATION)
    created, refused = asyncio.run(_answers(traffic, ("PUT", API, API_BODY), operation))
    assert (created.status, refused.status, refused.body) == (201, 409, BUSY)
    assert text(arm.get(API), "properties", "provisioningState") == "InProgress"
    arm.clock.now = 0.004
    assert text(arm.get(API), "properties", "provisioningState") == "Succeeded"
    assert [answer.status for answer in asyncio.run(_answers(traffic, operation))] == [201]


@pytest.mark.parametrize(("method", "body"), [("PUT", SERVICE_BODY), ("PATCH", {}), ("DELETE", None)])
def test_a_service_in_transition_takes_no_second_write(
    grouped: LocalArm, method: str, body: JsonValue
) -> None:
    again = (method, SERVICE.replace("apim", "APIM"), body)
    created, refused = _one_by_one(grouped, 1, ("PUT", SERVICE, SERVICE_BODY), again)
    assert created.status == 201
    assert (refused.status, refused.body) == (
        409,
        {
            "error": {
                "code": "ServiceLocked",
                "message": "The API Service APIM-contoso is transitioning at this time. Please try the "
                "request again later.",
                "details": None,
            }
        },
    )
    assert text(grouped.get(SERVICE), "properties", "provisioningState") == "Created"


def test_a_deleted_service_is_in_transition_until_it_is_gone(arm: LocalArm) -> None:
    deleted, refused = _one_by_one(arm, 1, ("DELETE", SERVICE, None), ("PUT", SERVICE, SERVICE_BODY))
    assert (deleted.status, refused.status) == (202, 409)
