from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.provider.refresh import refreshed_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject


@pytest.mark.parametrize(
    ("inputs", "old", "new", "expected"),
    [
        pytest.param(
            {"tags": {"a": "1"}},
            {"tags": {"a": "1"}},
            {"tags": {"a": "2"}},
            {"tags": {"a": "2"}},
            id="changed",
        ),
        pytest.param({"tags": {"a": "1"}}, {"tags": {"a": "1"}}, {}, {}, id="removed"),
        pytest.param({}, {}, {"tags": {"a": "1"}}, {"tags": {"a": "1"}}, id="added"),
        pytest.param({}, {"managedBy": "x"}, {"managedBy": "x"}, {}, id="service's default stays out"),
        pytest.param(
            {"resourceGroupName": "g"}, {}, {}, {"resourceGroupName": "g"}, id="path parameter stays"
        ),
        pytest.param({}, {"name": "a"}, {"name": "b"}, {}, id="read-only property stays out"),
    ],
)
def test_what_changed_in_azure_is_carried_to_the_inputs(
    resource: Callable[[str], ResourceType],
    inputs: JsonObject,
    old: JsonObject,
    new: JsonObject,
    expected: JsonObject,
) -> None:
    assert refreshed_inputs(resource("resources:ResourceGroup"), inputs, old, new) == expected


def test_elements_of_lists_keep_what_the_program_said(resource: Callable[[str], ResourceType]) -> None:
    rule: JsonObject = {"name": "https", "access": "Allow"}
    found = refreshed_inputs(
        resource("network:NetworkSecurityGroup"),
        {"securityRules": [rule]},
        {"securityRules": [rule | {"direction": "Inbound"}]},
        {"securityRules": [rule | {"direction": "Inbound", "access": "Deny"}, {"name": "new"}]},
    )
    assert found == {"securityRules": [{"name": "https", "access": "Deny"}, {"name": "new"}]}


def test_subnets_that_are_resources_of_their_own_stay_out_of_the_network(
    resource: Callable[[str], ResourceType],
) -> None:
    found = refreshed_inputs(
        resource("network:VirtualNetwork"), {"tags": {}}, {"subnets": []}, {"subnets": [{"name": "apim"}]}
    )
    assert found == {"tags": {}}


def test_access_policies_that_are_set_elsewhere_stay_out_of_the_vault(
    resource: Callable[[str], ResourceType],
) -> None:
    inputs: JsonObject = {"properties": {"tenantId": "t"}}
    old: JsonObject = {"properties": {"tenantId": "t", "accessPolicies": []}}
    new: JsonObject = {"properties": {"tenantId": "t", "accessPolicies": [{"objectId": "o"}]}}
    assert refreshed_inputs(resource("keyvault:Vault"), inputs, old, new) == inputs
