"""Operations that go on after their answer: what is told meanwhile, how they end."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from local_azure.arm.json_values import JsonObject, text
from local_azure.arm.messages import Answer, Failure
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, SITE, SUBSCRIPTION, LocalArm

API = f"{SERVICE}/apis/iris"
API_BODY: JsonObject = {"properties": {"displayName": "Iris", "path": "iris"}}
SCHEMA: JsonObject = {
    "properties": {
        "contentType": "application/vnd.oai.openapi.components+json",
        "document": {"components": {"schemas": {}}},
    }
}
VALUE: JsonObject = {"properties": {"displayName": "limit", "value": "5"}}
FRAGMENT: JsonObject = {"properties": {"value": "<fragment />"}}
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
NETWORK_BODY: JsonObject = {
    **PLACE,
    "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
}
SUBNET: JsonObject = {"properties": {"addressPrefix": "10.0.1.0/24"}}
GUARD = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
VAULT_BODY: JsonObject = {
    **PLACE,
    "properties": {
        "tenantId": "00000000-0000-0000-0000-000000000000",
        "sku": {"family": "A", "name": "standard"},
    },
}
NO_CAPACITY = Failure("ActivationFailed", "There is no capacity.")


@pytest.fixture
def full(arm: LocalArm) -> LocalArm:
    """One of everything that is written for long is there."""
    for path, body in (
        (API, API_BODY), (f"{API}/schemas/components", SCHEMA), (f"{SERVICE}/namedValues/limit", VALUE),
        (f"{SERVICE}/policyFragments/empty", FRAGMENT),
        (NETWORK, NETWORK_BODY), (f"{NETWORK}/subnets/gateway", SUBNET), (GUARD, PLACE), (VAULT, VAULT_BODY),
    ):  # fmt: skip
        arm.put(path, body)
    return arm


@pytest.mark.parametrize(
    ("sent", "status", "state"),
    [
        (("PUT", SERVICE, SERVICE_BODY), 200, "Updating"),
        (("PATCH", SERVICE, {}), 202, "Updating"),
        (("DELETE", SERVICE, None), 202, None),
        (("PUT", API, API_BODY), 200, "InProgress"),
        (("DELETE", API, None), 202, None),
        (("PUT", f"{API}/schemas/components", SCHEMA), 200, "InProgress"),
        (("PUT", f"{SERVICE}/namedValues/limit", VALUE), 200, "InProgress"),
        (("PATCH", f"{SERVICE}/namedValues/limit", VALUE), 202, "InProgress"),
        (("PUT", f"{SERVICE}/policyFragments/empty", FRAGMENT), 200, "InProgress"),
        (("PUT", NETWORK, NETWORK_BODY), 200, "Updating"),
        (("DELETE", NETWORK, None), 202, None),
        (("PUT", f"{NETWORK}/subnets/gateway", SUBNET), 200, "Updating"),
        (("DELETE", f"{NETWORK}/subnets/gateway", None), 202, None),
        (("PUT", GUARD, PLACE), 200, "Updating"),
        (("DELETE", GUARD, None), 202, None),
        (("PUT", VAULT, VAULT_BODY), 200, None),
        (("DELETE", GROUP, None), 202, None),
    ],
)
def test_a_write_goes_on_after_its_answer(
    full: LocalArm, sent: tuple[str, str, JsonObject | None], status: int, state: str | None
) -> None:
    method, path, body = sent
    answer = full.begin(method, path, body, until=2.5)
    assert (answer.status, answer.headers["Retry-After"]) == (status, "3")
    assert text(answer.body, "properties", "provisioningState") == (state or "")
    asked = _follow(full, answer, "Azure-AsyncOperation")
    assert (asked.status, text(asked.body, "status"), asked.headers["Retry-After"]) == (
        200,
        "InProgress",
        "3",
    )
    assert _follow(full, answer, "Location").status == 202
    if state:
        assert text(full.get(path), "properties", "provisioningState") == state
    full.clock.now = 2.5
    asked = _follow(full, answer, "Azure-AsyncOperation")
    assert (asked.status, text(asked.body, "status")) == (200, "Succeeded")
    result = _follow(full, answer, "Location")
    assert (result.status, text(result.body, "id")) == ((204, "") if method == "DELETE" else (200, path))
    if state:
        assert text(full.get(path), "properties", "provisioningState") == "Succeeded"


def test_an_operation_that_takes_no_time_is_done_when_it_is_answered(arm: LocalArm) -> None:
    answer = arm.send("PUT", API, API_BODY)
    assert (answer.status, answer.headers["Retry-After"]) == (201, "0")
    assert text(_follow(arm, answer, "Azure-AsyncOperation").body, "status") == "Succeeded"


def test_a_new_service_is_created_after_the_answer(grouped: LocalArm) -> None:
    answer = grouped.begin("PUT", SERVICE, SERVICE_BODY, until=5)
    assert answer.status == 201
    assert text(answer.body, "properties", "provisioningState") == "Created"
    assert text(grouped.get(SERVICE), "properties", "provisioningState") == "Created"
    grouped.clock.now = 5
    assert text(grouped.get(SERVICE), "properties", "provisioningState") == "Succeeded"


def test_a_backend_is_reconnected_after_the_answer(arm: LocalArm) -> None:
    backend = f"{SERVICE}/backends/iris"
    arm.put(backend, {"properties": {"url": "https://iris.contoso.example", "protocol": "http"}})
    answer = arm.send("POST", f"{backend}/reconnect", {"properties": {"after": "PT3S"}})
    assert (answer.status, answer.body) == (202, None)
    assert arm.refusal("POST", f"{SERVICE}/backends/wine/reconnect")[0] == 404


def test_an_operation_that_fails_leaves_its_resource_failed_until_the_next_write(arm: LocalArm) -> None:
    answer = arm.begin("PUT", API, API_BODY, until=1, failure=NO_CAPACITY)
    assert (answer.status, text(arm.get(API), "properties", "provisioningState")) == (201, "InProgress")
    arm.clock.now = 1
    told = _follow(arm, answer, "Azure-AsyncOperation")
    assert (told.status, text(told.body, "status")) == (200, "Failed")
    assert (told.body or {})["error"] == {"code": "ActivationFailed", "message": "There is no capacity."}
    result = _follow(arm, answer, "Location")
    assert (result.status, text(result.body, "error", "code")) == (400, "ActivationFailed")
    assert text(arm.get(API), "properties", "provisioningState") == "Failed"
    arm.put(API, API_BODY)
    assert text(arm.get(API), "properties", "provisioningState") == "Succeeded"


def test_a_failed_service_is_mended_by_a_patch(arm: LocalArm) -> None:
    arm.begin("PATCH", SERVICE, {}, failure=NO_CAPACITY)
    assert text(arm.get(SERVICE), "properties", "provisioningState") == "Failed"
    arm.send("PATCH", SERVICE, {})
    assert text(arm.get(SERVICE), "properties", "provisioningState") == "Succeeded"


def test_a_write_of_what_cannot_tell_that_it_failed_is_taken_back(grouped: LocalArm) -> None:
    answer = grouped.begin("PUT", VAULT, VAULT_BODY, failure=NO_CAPACITY)
    assert answer.status == 201
    assert text(_follow(grouped, answer, "Azure-AsyncOperation").body, "status") == "Failed"
    assert grouped.send("GET", VAULT).status == 404


def test_a_deletion_that_fails_leaves_everything_as_it_was(full: LocalArm) -> None:
    before = full.store.below(GROUP)
    answer = full.begin("DELETE", API, until=1, failure=NO_CAPACITY)
    assert answer.status == 202
    full.clock.now = 1
    assert text(_follow(full, answer, "Azure-AsyncOperation").body, "status") == "Failed"
    assert full.store.below(GROUP) == before


def test_a_failure_befalls_no_write_that_is_done_when_it_is_answered(full: LocalArm) -> None:
    operation = f"{API}/operations/predict"
    body: JsonObject = {"properties": {"displayName": "Predict", "method": "POST", "urlTemplate": "/predict"}}
    assert full.begin("PUT", operation, body, failure=NO_CAPACITY).status == 201
    assert full.send("GET", operation).status == 200


def test_what_was_accepted_is_done_after_a_restart(grouped: LocalArm) -> None:
    answer = grouped.begin("PUT", SERVICE, SERVICE_BODY, until=1_000)
    restarted = LocalArm(grouped.store)
    assert text(_follow(restarted, answer, "Azure-AsyncOperation").body, "status") == "Succeeded"
    assert _follow(restarted, answer, "Location").status == 200
    assert text(restarted.get(SERVICE), "properties", "provisioningState") == "Succeeded"


def test_operations_that_have_succeeded_are_forgotten_and_failed_ones_are_told(full: LocalArm) -> None:
    failed = full.begin("PUT", API, API_BODY, until=1, failure=NO_CAPACITY)
    first = full.begin("PUT", API, API_BODY, until=2)
    second = full.begin("PUT", API, API_BODY, until=3)
    full.clock.now = 2
    statuses = [
        text(_follow(full, told, "Azure-AsyncOperation").body, "status") for told in (failed, first, second)
    ]
    assert statuses == ["Failed", "Succeeded", "InProgress"]
    full.clock.now = 3
    assert text(full.get(API), "properties", "provisioningState") == "Succeeded"


@pytest.mark.parametrize("name", ["nothing", "é", "L3N1YnNjcmlwdGlvbnM", ".", "nothing.1"])
def test_an_operation_that_never_was_is_not_found(arm: LocalArm, name: str) -> None:
    around = f"{SUBSCRIPTION}/providers/Microsoft.ApiManagement/locations/westeurope"
    for leaf in ("operationsStatuses", "operationResults"):
        assert arm.refusal("GET", f"{around}/{leaf}/{name}")[:2] == (404, "OperationNotFound")


def _follow(arm: LocalArm, answer: Answer, header: str) -> Answer:
    parts = urlsplit(answer.headers[header])
    assert f"{parts.scheme}://{parts.netloc}" == SITE.arm_url
    assert "/locations/westeurope/" in parts.path
    return arm.send("GET", parts.path, version=dict(parse_qsl(parts.query))["api-version"])
