"""The eight SKUs of a service and the units that each can have."""

import logging

import pytest

from local_azure.arm.json_values import JsonObject
from tests.unit.arm.local_arm import SERVICE, SERVICE_BODY, LocalArm

MOST = {
    "Consumption": 0,
    "Developer": 1,
    "Basic": 2,
    "Standard": 4,
    "BasicV2": 10,
    "StandardV2": 10,
    "PremiumV2": 30,
    "Premium": 12,
}


def _service(name: str, capacity: int) -> JsonObject:
    return SERVICE_BODY | {"sku": {"name": name, "capacity": capacity}}


@pytest.mark.parametrize("name", MOST)
def test_a_service_can_have_each_sku_with_its_most_units(
    grouped: LocalArm, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "local_azure.arm"):
        told = grouped.put(SERVICE, _service(name, MOST[name]))
    assert told["sku"] == {"name": name, "capacity": MOST[name]}
    assert caplog.messages == []


@pytest.mark.parametrize("name", [name for name in MOST if name != "Premium"])
def test_a_sku_has_no_more_units_than_it_can(grouped: LocalArm, name: str) -> None:
    status, code, sentence = grouped.refusal("PUT", SERVICE, _service(name, MOST[name] + 1))
    assert (status, code) == (400, "ValidationError")
    assert f"The capacity of the SKU '{name}' has to be " in sentence


@pytest.mark.parametrize("name", [name for name in MOST if name != "Consumption"])
def test_only_consumption_has_no_units(grouped: LocalArm, name: str) -> None:
    assert "from 1 to" in grouped.refusal("PUT", SERVICE, _service(name, 0))[2]


def test_premium_may_have_more_units_than_the_pages_agree_on(grouped: LocalArm) -> None:
    grouped.put(SERVICE, _service("Premium", 31))


def test_a_sku_that_is_not_known_yet_is_taken_with_a_warning(
    grouped: LocalArm, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "local_azure.arm"):
        grouped.put(SERVICE, _service("PremiumV9", 99))
    assert "sku.name is 'PremiumV9'" in caplog.text
