"""Networks, subnets and security groups."""

from local_azure.arm.json_values import JsonObject, find, object_at, objects_at, text
from tests.unit.arm.local_arm import GROUP, SERVICE, SERVICE_BODY, LocalArm, names

NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-contoso"
SECURITY = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg-gateway"
BODY: JsonObject = {
    "location": "westeurope",
    "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
}
SUBNET: JsonObject = {"properties": {"addressPrefix": "10.0.1.0/24"}}


def _subnet(name: str, number: int) -> JsonObject:
    return {"name": name, "properties": {"addressPrefix": f"10.0.{number}.0/24"}}


def _with_subnets(*subnets: str) -> JsonObject:
    return {
        "location": "westeurope",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [_subnet(name, i) for i, name in enumerate(subnets)],
        },
    }


def _subnets(arm: LocalArm) -> list[str]:
    return [text(item, "name") for item in objects_at(arm.get(NETWORK), "properties", "subnets")]


def test_a_network_without_a_list_of_subnets_keeps_those_it_has(grouped: LocalArm) -> None:
    grouped.put(NETWORK, BODY)
    grouped.put(f"{NETWORK}/subnets/gateway", SUBNET)
    grouped.put(NETWORK, BODY)
    assert _subnets(grouped) == ["gateway"]


def test_a_list_of_subnets_replaces_those_that_are_there(grouped: LocalArm) -> None:
    grouped.put(NETWORK, _with_subnets("gateway", "models"))
    assert names(grouped.get(f"{NETWORK}/subnets")) == ["gateway", "models"]
    grouped.put(NETWORK, _with_subnets("models", "jobs"))
    assert _subnets(grouped) == ["jobs", "models"]
    grouped.put(NETWORK, _with_subnets())
    assert _subnets(grouped) == []


def test_a_network_can_be_written_back_as_it_was_read(grouped: LocalArm) -> None:
    grouped.put(NETWORK, _with_subnets("gateway"))
    before = grouped.get(NETWORK)
    after = grouped.put(NETWORK, before)
    assert find(after, "properties", "addressSpace") == find(before, "properties", "addressSpace")
    assert [item["id"] for item in objects_at(after, "properties", "subnets")] == [
        f"{NETWORK}/subnets/gateway"
    ]


def test_a_security_group_tells_the_subnets_it_guards(grouped: LocalArm) -> None:
    grouped.put(SECURITY, {"location": "westeurope"})
    grouped.put(NETWORK, BODY)
    subnet: JsonObject = {
        "properties": {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": SECURITY.lower()}}
    }
    grouped.put(f"{NETWORK}/subnets/gateway", subnet)
    guarded = objects_at(grouped.get(SECURITY), "properties", "subnets")
    assert guarded == ({"id": f"{NETWORK}/subnets/gateway"},)


def test_a_subnet_with_a_missing_security_group_is_refused(grouped: LocalArm) -> None:
    grouped.put(NETWORK, BODY)
    subnet: JsonObject = {
        "properties": {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": SECURITY}}
    }
    status, code, sentence = grouped.refusal("PUT", f"{NETWORK}/subnets/gateway", subnet)
    assert (status, code) == (400, "InvalidResourceReference")
    assert SECURITY in sentence


def test_a_refused_network_leaves_no_subnets_behind(grouped: LocalArm) -> None:
    body = _with_subnets("gateway")
    body["properties"] = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [
            {"name": "fine", "properties": {"addressPrefix": "10.0.1.0/24"}},
            {"name": "gateway", "properties": {"networkSecurityGroup": {"id": SECURITY}}},
        ],
    }
    assert grouped.refusal("PUT", NETWORK, body)[0] == 400
    assert grouped.store.below(NETWORK) == ()


def test_a_security_group_stays_while_it_guards_a_subnet(grouped: LocalArm) -> None:
    subnet = f"{NETWORK}/subnets/gateway"
    body: JsonObject = {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": SECURITY.upper()}}
    grouped.put(SECURITY, {"location": "westeurope"})
    grouped.put(NETWORK, BODY)
    grouped.put(subnet, {"properties": body})
    status, code, sentence = grouped.refusal("DELETE", SECURITY)
    assert (status, code) == (400, "InUseNetworkSecurityGroupCannotBeDeleted")
    assert f"in use by the following resources: {subnet}." in sentence
    grouped.send("DELETE", subnet)
    assert grouped.send("DELETE", SECURITY).status == 202


def test_a_service_needs_its_subnet_and_keeps_it(grouped: LocalArm) -> None:
    subnet, other = f"{NETWORK}/subnets/gateway", f"{NETWORK}/subnets/gateway-2"
    properties = object_at(SERVICE_BODY, "properties") | {
        "virtualNetworkType": "External",
        "virtualNetworkConfiguration": {"subnetResourceId": f"{NETWORK}/subnets/Gateway"},
    }
    service = SERVICE_BODY | {"properties": properties}
    assert grouped.refusal("PUT", SERVICE, service)[:2] == (400, "InvalidResourceReference")
    grouped.put(NETWORK, _with_subnets("gateway", "gateway-2"))
    grouped.put(SERVICE, service)
    for method, path in (("DELETE", subnet), ("DELETE", NETWORK), ("PUT", NETWORK)):
        status, code, sentence = grouped.refusal(method, path, _with_subnets("gateway-2"))
        assert (status, code) == (400, "InUseSubnetCannotBeDeleted")
        assert f" is in use by {SERVICE} and cannot be deleted." in sentence
    assert grouped.send("DELETE", other).status == 202
    grouped.send("DELETE", SERVICE)
    assert grouped.send("DELETE", NETWORK).status == 202
