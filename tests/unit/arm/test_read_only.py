"""What only the service sets is ignored in a request, wherever it stands."""

from local_azure.arm.json_values import JsonObject, find, objects_at, text
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, LocalArm


def test_it_is_ignored_inside_an_object(arm: LocalArm) -> None:
    properties: JsonObject = {
        "path": "iris",
        "displayName": "Iris",
        "isOnline": False,
        "provisioningState": "Failed",
        "license": {"name": "MIT", "color": "kept as sent"},
    }
    told = arm.put(f"{SERVICE}/apis/iris", {"properties": properties})
    assert find(told, "properties", "isOnline") is True
    assert find(told, "properties", "license") == {"name": "MIT", "color": "kept as sent"}
    identity: JsonObject = {"type": "SystemAssigned", "principalId": "mine", "tenantId": "mine"}
    known = arm.put(SERVICE, SERVICE_BODY | {"identity": identity})["identity"]
    assert "mine" not in str(known)


def test_it_is_ignored_inside_the_objects_of_a_list_and_of_an_object_in_them(arm: LocalArm) -> None:
    path = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"
    rule: JsonObject = {
        "access": "Allow",
        "direction": "Inbound",
        "priority": 100,
        "protocol": "Tcp",
        "provisioningState": "Failed",
    }
    rules: list[JsonObject] = [{"name": "web", "etag": "old", "properties": rule}]
    arm.put(path, PLACE | {"properties": {"securityRules": [*rules]}})
    (kept,) = objects_at(arm.get(path), "properties", "securityRules")
    assert text(kept, "properties", "access") == "Allow"
    assert "etag" not in kept
    assert "provisioningState" not in str(kept)
