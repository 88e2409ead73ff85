"""Required fields, kinds, lengths and patterns come from Microsoft's specifications."""

import pytest

from local_azure.arm.json_values import JsonObject, objects_at, text
from tests.unit.arm.local_arm import SERVICE, SERVICE_BODY, LocalArm

BACKEND = f"{SERVICE}/backends/iris"
NAMED_VALUE = f"{SERVICE}/namedValues/limit"


def _targets(arm: LocalArm, path: str, body: JsonObject) -> dict[str, str]:
    answer = arm.send("PUT", path, body)
    assert answer.status == 400, answer.body
    assert text(answer.body, "error", "code") == "ValidationError"
    assert text(answer.body, "error", "message") == "One or more fields contain incorrect values:"
    return {
        text(item, "target"): text(item, "message") for item in objects_at(answer.body, "error", "details")
    }


def test_every_required_field_that_is_missing_is_named(grouped: LocalArm) -> None:
    found = _targets(grouped, SERVICE, {"location": "westeurope", "properties": {}})
    assert set(found) == {"publisherEmail", "publisherName", "sku"}
    assert found["sku"] == "'sku' is required."


def test_a_required_field_inside_an_object_is_named_with_its_way(grouped: LocalArm) -> None:
    assert set(_targets(grouped, SERVICE, SERVICE_BODY | {"sku": {"name": "Developer"}})) == {"sku.capacity"}


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"url": "https://model.contoso.example", "protocol": "http", "title": ""}, "title"),
        ({"url": "https://model.contoso.example", "protocol": "http", "title": "x" * 301}, "title"),
        ({"url": 7, "protocol": "http"}, "url"),
        ({"url": "https://model.contoso.example", "protocol": "http", "tls": []}, "tls"),
        (
            {
                "url": "https://model.contoso.example",
                "protocol": "http",
                "tls": {"validateCertificateName": "yes"},
            },
            "tls.validateCertificateName",
        ),
        (
            {
                "url": "https://model.contoso.example",
                "protocol": "http",
                "circuitBreaker": {"rules": [{"name": "r"}] * 16},
            },
            "circuitBreaker.rules",
        ),
    ],
)
def test_kinds_lengths_and_list_sizes_are_checked(arm: LocalArm, properties: JsonObject, target: str) -> None:
    assert target in _targets(arm, BACKEND, {"properties": properties})


def test_entries_of_lists_are_checked(arm: LocalArm) -> None:
    body: JsonObject = {
        "properties": {
            "displayName": "Predict",
            "method": "POST",
            "urlTemplate": "/predict",
            "responses": [{"statusCode": "200"}],
        }
    }
    arm.put(f"{SERVICE}/apis/iris", {"properties": {"path": "iris", "displayName": "Iris"}})
    assert set(_targets(arm, f"{SERVICE}/apis/iris/operations/predict", body)) == {"responses[0].statusCode"}


def test_patterns_are_checked(arm: LocalArm) -> None:
    found = _targets(arm, NAMED_VALUE, {"properties": {"displayName": "a b", "value": "1"}})
    assert found == {"displayName": "'displayName' is 'a b', which does not match '^[A-Za-z0-9-._]+$'."}


def test_names_are_checked(grouped: LocalArm) -> None:
    found = _targets(grouped, f"{SERVICE}-", SERVICE_BODY)
    assert set(found) == {"serviceName"}
    assert set(_targets(grouped, f"{SERVICE}{'x' * 50}", SERVICE_BODY)) == {"serviceName"}
