from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.provider import shape
from local_azure.provider.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject


def test_flat_inputs_find_their_place_in_the_body(resource: Callable[[str], ResourceType]) -> None:
    body = shape.to_body(
        resource("apimanagement:ApiSchema"),
        {
            "apiId": "a",
            "contentType": "application/json",
            "components": {"schemas": {"any-name": {"type": "object"}}},
        },
    )
    assert body == {
        "properties": {
            "contentType": "application/json",
            "document": {"components": {"schemas": {"any-name": {"type": "object"}}}},
        }
    }


def test_nested_types_have_a_body_of_their_own(resource: Callable[[str], ResourceType]) -> None:
    subnets: JsonObject = {"subnets": [{"name": "apim", "addressPrefix": "10.0.0.0/24"}]}
    kind = resource("network:VirtualNetwork")
    body = shape.to_body(kind, subnets)
    assert body == {
        "properties": {"subnets": [{"name": "apim", "properties": {"addressPrefix": "10.0.0.0/24"}}]}
    }
    assert shape.to_inputs(kind, body) == subnets


def test_a_body_has_properties_even_when_none_is_set(resource: Callable[[str], ResourceType]) -> None:
    assert shape.to_body(resource("operationalinsights:Workspace"), {"location": "westeurope"}) == {
        "location": "westeurope",
        "properties": {},
    }


def test_a_set_of_identities_is_a_map_on_the_wire(resource: Callable[[str], ResourceType]) -> None:
    kind = resource("operationalinsights:Workspace")
    inputs: JsonObject = {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a", "/b"]}}
    body = shape.to_body(kind, inputs)
    assert body["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {"/a": {}, "/b": {}}}
    assert shape.to_inputs(kind, body) == inputs


def test_the_input_type_of_a_backend_is_not_its_output_type(resource: Callable[[str], ResourceType]) -> None:
    kind = resource("apimanagement:Backend")
    body = shape.to_body(kind, {"type": "Pool"})
    assert body == {"properties": {"type": "Pool"}}
    outputs = shape.to_outputs(kind, body | {"type": kind.arm_type})
    assert outputs["type"] == "Microsoft.ApiManagement/service/backends"
    assert shape.outputs_to_inputs(kind, outputs) == {}
    assert shape.to_inputs(kind, body | {"type": kind.arm_type}) == {"type": "Pool"}


def test_a_state_has_id_name_type_and_api_version(resource: Callable[[str], ResourceType]) -> None:
    body: JsonObject = {
        "id": "/subscriptions/s1/resourceGroups/contoso-rg",
        "name": "contoso-rg",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westeurope",
        "properties": {"provisioningState": "Succeeded"},
        "somethingNew": 1,
    }
    assert shape.to_outputs(resource("resources:ResourceGroup"), body) == {
        "id": "/subscriptions/s1/resourceGroups/contoso-rg",
        "name": "contoso-rg",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westeurope",
        "azureApiVersion": "2024-03-01",
        "properties": {"provisioningState": "Succeeded"},
    }


def test_a_preview_knows_the_inputs_and_nothing_else(resource: Callable[[str], ResourceType]) -> None:
    outputs = shape.preview_outputs(
        resource("apimanagement:ApiManagementService"),
        {
            "publisherName": "Contoso",
            "sku": {"name": "Developer", "capacity": 1},
            "identity": {"type": "SystemAssigned"},
        },
    )
    assert outputs["publisherName"] == "Contoso"
    assert outputs["sku"] == {"name": "Developer", "capacity": 1}
    assert (outputs["gatewayUrl"], outputs["name"], outputs["id"]) == (UNKNOWN, UNKNOWN, UNKNOWN)
    identity = outputs["identity"]
    assert isinstance(identity, dict)
    assert (identity["type"], identity["principalId"]) == ("SystemAssigned", UNKNOWN)


def test_a_preview_does_not_take_a_backends_kind_for_its_arm_type(
    resource: Callable[[str], ResourceType],
) -> None:
    assert shape.preview_outputs(resource("apimanagement:Backend"), {"type": "Pool"})["type"] == UNKNOWN


def test_a_preview_does_not_take_a_set_for_the_map_it_becomes(
    resource: Callable[[str], ResourceType],
) -> None:
    outputs = shape.preview_outputs(
        resource("operationalinsights:Workspace"),
        {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a"]}},
    )
    identity = outputs["identity"]
    assert isinstance(identity, dict)
    assert identity["userAssignedIdentities"] == UNKNOWN
