from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.provider.checks import check
from local_azure.provider.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject

_SUBSCRIPTION: JsonObject = {
    "resourceGroupName": "contoso-rg",
    "serviceName": "contoso",
    "sid": "smoke",
    "displayName": "Smoke test",
    "scope": "/apis/iris",
    "notify": False,
    "azureApiVersion": "2024-05-01",
    "__createBeforeDelete": True,
}


@pytest.fixture
def reasons(resource: Callable[[str], ResourceType]) -> Callable[[str, JsonObject], list[str]]:
    return lambda token, inputs: [failure.reason for failure in check(resource(token), inputs)]


def test_right_inputs_pass(reasons: Callable[[str, JsonObject], list[str]]) -> None:
    assert reasons("apimanagement:Subscription", _SUBSCRIPTION) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"displayName": None}, "missing required property 'displayName'"),
        ({"serviceName": None}, "missing required property 'serviceName'"),
        ({"displayName": ""}, "'displayName' is too short (0): at least 1 characters required"),
        ({"displayName": "x" * 101}, "'displayName' is too long (101): at most 100 characters allowed"),
        (
            {"serviceName": "1x"},
            "'serviceName' does not match expression '^[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$'",
        ),
        ({"sid": 1}, "'sid' should be of type 'string' but got a number"),
        ({"notify": "no"}, "'notify' should be of type 'boolean' but got a string"),
        ({"allowTracing": 1}, "'allowTracing' should be of type 'boolean' but got a number"),
        ({"displayName": UNKNOWN, "sid": UNKNOWN, "allowTracing": UNKNOWN, "notify": UNKNOWN}, None),
    ],
)
def test_a_wrong_input_is_told_in_a_sentence(
    reasons: Callable[[str, JsonObject], list[str]], change: JsonObject, reason: str | None
) -> None:
    inputs: JsonObject = {
        name: value for name, value in (_SUBSCRIPTION | change).items() if value is not None
    }
    assert reasons("apimanagement:Subscription", inputs) == ([] if reason is None else [reason])


def test_an_unknown_property_is_refused_with_those_that_exist(
    reasons: Callable[[str, JsonObject], list[str]],
) -> None:
    found = reasons("apimanagement:Subscription", _SUBSCRIPTION | {"displayname": "x"})
    known = "allowTracing, appType, displayName, notify, ownerId, primaryKey, resourceGroupName, scope"
    assert found == [
        f"unknown property 'displayname': there are {known}, secondaryKey, serviceName, sid, state"
    ]


def test_nested_properties_are_checked_too(reasons: Callable[[str, JsonObject], list[str]]) -> None:
    inputs: JsonObject = {
        "resourceGroupName": "contoso-rg",
        "virtualNetworkName": "vnet",
        "location": "westeurope",
        "subnets": [{"delegation": []}, {"delegations": [{"serviceName": 1}]}, "apim"],
        "tags": {"owner": 1},
    }
    found = reasons("network:VirtualNetwork", inputs)
    assert [reason.partition(": there are")[0] for reason in found] == [
        "unknown property 'subnets[0].delegation'",
        "'subnets[1].delegations[0].serviceName' should be of type 'string' but got a number",
        "'subnets[2]' should be of type 'object' but got a string",
        "'tags[owner]' should be of type 'string' but got a number",
    ]


def test_missing_nested_properties_are_named_with_their_place(
    reasons: Callable[[str, JsonObject], list[str]],
) -> None:
    inputs: JsonObject = {"resourceGroupName": "g", "vaultName": "contoso", "location": "w", "properties": {}}
    assert reasons("keyvault:Vault", inputs) == [
        "missing required property 'properties.sku'",
        "missing required property 'properties.tenantId'",
    ]


def test_a_missing_location_tells_how_to_configure_one(
    reasons: Callable[[str, JsonObject], list[str]],
) -> None:
    found = reasons("resources:ResourceGroup", {"resourceGroupName": "contoso-rg"})
    hint = "Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
    assert found == [f"missing required property 'location'. {hint}"]
