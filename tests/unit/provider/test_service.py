from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from google.protobuf import empty_pb2

from local_azure.metadata import load
from local_azure.provider.errors import ArmError, InitFailedError, ProviderError
from local_azure.provider.proto import provider_pb2
from local_azure.provider.service import LOCAL_SUBSCRIPTION, TAKE_OVER, Service
from local_azure.provider.values import UNKNOWN, from_struct, to_struct
from tests.unit.provider.fake_arm import FakeArm, Reply

if TYPE_CHECKING:
    from local_azure.provider.values import JsonObject

_GROUP_ID = f"/subscriptions/{LOCAL_SUBSCRIPTION}/resourceGroups/contoso-rg"
_GROUP: JsonObject = {"resourceGroupName": "contoso-rg", "location": "westeurope"}
_NETWORK_ID = f"{_GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet"
_NETWORK: JsonObject = {
    "resourceGroupName": "contoso-rg",
    "virtualNetworkName": "vnet",
    "location": "westeurope",
}
_POOL: JsonObject = {
    "resourceGroupName": "g",
    "serviceName": "s",
    "backendId": "both",
    "type": "Pool",
    "pool": {"services": [{"id": "/backends/one", "weight": 100}]},
}


def _urn(token: str, name: str = "x") -> str:
    return f"urn:pulumi:dev::p::my:index:Component$azure-native:{token}::{name}"


@pytest.fixture
def service(arm: FakeArm, monkeypatch: pytest.MonkeyPatch) -> Service:
    for name in ("ARM_SUBSCRIPTION_ID", "ARM_LOCATION", TAKE_OVER):
        monkeypatch.delenv(name, raising=False)
    return Service(arm.url)


def _check(
    service: Service, token: str, new: JsonObject, old: JsonObject | None = None, seed: bytes = b"s"
) -> tuple[JsonObject, list[str]]:
    response = service.check(
        provider_pb2.CheckRequest(
            urn=_urn(token), news=to_struct(new), olds=to_struct(old or {}), randomSeed=seed
        )
    )
    return from_struct(response.inputs), [failure.reason for failure in response.failures]


def test_the_plugin_has_the_version_of_the_sdk(service: Service) -> None:
    assert service.plugin_info(empty_pb2.Empty()).version == load().sdk_version


def test_secrets_are_left_to_the_engine_and_previews_are_supported(service: Service) -> None:
    response = service.configure(provider_pb2.ConfigureRequest())
    assert (response.acceptSecrets, response.supportsPreview) == (False, True)


class TestCheck:
    def test_fills_in_a_name_that_is_remembered_as_random(self, service: Service) -> None:
        inputs, failures = _check(service, "resources:ResourceGroup", {"location": "westeurope"})
        assert failures == []
        assert str(inputs["resourceGroupName"]).startswith("x")
        assert inputs["__createBeforeDelete"] is True
        assert inputs["azureApiVersion"] == "2024-03-01"

    def test_keeps_the_name_that_a_resource_has(self, service: Service) -> None:
        old, _ = _check(service, "resources:ResourceGroup", {"location": "westeurope"})
        new, _ = _check(service, "resources:ResourceGroup", {"location": "westeurope"}, old, seed=b"other")
        assert new == old

    def test_takes_the_configured_location(self, service: Service) -> None:
        service.configure(
            provider_pb2.ConfigureRequest(variables={"azure-native:config:location": "northeurope"})
        )
        inputs, _ = _check(service, "resources:ResourceGroup", {})
        assert inputs["location"] == "northeurope"

    def test_takes_the_location_of_the_resource_group_and_asks_once(
        self, service: Service, arm: FakeArm
    ) -> None:
        arm.resources[_GROUP_ID] = {"location": "westeurope"}
        for _ in range(2):
            inputs, failures = _check(service, "network:VirtualNetwork", {"resourceGroupName": "contoso-rg"})
            assert (inputs["location"], failures) == ("westeurope", [])
        assert len(arm.received) == 1

    def test_does_not_know_the_location_of_a_group_that_is_not_known(self, service: Service) -> None:
        inputs, failures = _check(service, "network:VirtualNetwork", {"resourceGroupName": UNKNOWN})
        assert (inputs["location"], failures) == (UNKNOWN, [])

    def test_keeps_the_location_that_a_resource_has(self, service: Service) -> None:
        inputs, _ = _check(
            service, "network:VirtualNetwork", {"resourceGroupName": "contoso-rg"}, {"location": "westus"}
        )
        assert inputs["location"] == "westus"

    def test_tells_that_a_location_is_missing(self, service: Service) -> None:
        _, failures = _check(
            service, "keyvault:Vault", {"resourceGroupName": "nowhere", "properties": UNKNOWN}
        )
        assert [reason.partition(".")[0] for reason in failures] == ["missing required property 'location'"]

    @pytest.mark.parametrize(
        ("mode", "expected"), [("ENFORCE", "contoso-vnet"), ("PROPOSE", "contoso-vnet"), ("DISABLE", None)]
    )
    def test_follows_the_configured_auto_naming(
        self, service: Service, mode: str, expected: str | None
    ) -> None:
        options = provider_pb2.CheckRequest.AutonamingOptions
        request = provider_pb2.CheckRequest(
            urn=_urn("network:VirtualNetwork"),
            news=to_struct({"resourceGroupName": "contoso-rg", "location": "westeurope"}),
            autonaming=options(proposed_name="contoso-vnet", mode=options.Mode.Value(mode)),
        )
        assert from_struct(service.check(request).inputs).get("virtualNetworkName") == expected

    def test_refuses_a_resource_type_that_the_local_azure_lacks(self, service: Service) -> None:
        with pytest.raises(
            ProviderError, match="has no resource type azure-native:web:WebApp; it has azure-native:"
        ):
            _check(service, "web:WebApp", {})


class TestDiff:
    def test_tells_what_changes_and_what_replaces(self, service: Service) -> None:
        response = service.diff(
            provider_pb2.DiffRequest(
                urn=_urn("resources:ResourceGroup"),
                old_inputs=to_struct(_GROUP | {"tags": {"a": "1"}}),
                news=to_struct(_GROUP | {"resourceGroupName": "fabrikam-rg", "tags": {"a": "2"}}),
            )
        )
        assert response.changes == provider_pb2.DiffResponse.DIFF_SOME
        assert (list(response.diffs), list(response.replaces)) == (
            ["resourceGroupName", "tags"],
            ["resourceGroupName"],
        )
        assert response.deleteBeforeReplace
        kinds = {
            name: provider_pb2.PropertyDiff.Kind.Name(diff.kind)
            for name, diff in response.detailedDiff.items()
        }
        assert kinds == {"resourceGroupName": "UPDATE_REPLACE", "tags.a": "UPDATE"}

    def test_tells_that_nothing_changes(self, service: Service) -> None:
        inputs = to_struct(_GROUP)
        response = service.diff(
            provider_pb2.DiffRequest(urn=_urn("resources:ResourceGroup"), old_inputs=inputs, news=inputs)
        )
        assert response.changes == provider_pb2.DiffResponse.DIFF_NONE
        assert not response.replaces


class TestCreate:
    def _create(
        self, service: Service, token: str, inputs: JsonObject, *, preview: bool = False
    ) -> JsonObject:
        response = service.create(
            provider_pb2.CreateRequest(urn=_urn(token), properties=to_struct(inputs), preview=preview)
        )
        return from_struct(response.properties) | {"response-id": response.id}

    def test_puts_the_resource_and_returns_what_is_there_afterwards(
        self, service: Service, arm: FakeArm
    ) -> None:
        state = self._create(service, "resources:ResourceGroup", _GROUP)
        assert [request.method for request in arm.received] == ["GET", "PUT", "GET"]
        assert state["response-id"] == state["id"] == _GROUP_ID
        assert (state["location"], state["name"]) == ("westeurope", "contoso-rg")

    def test_a_name_that_the_sdk_calls_id_is_no_id_of_the_resource(self, service: Service) -> None:
        around: JsonObject = {
            "resourceGroupName": "contoso-rg",
            "serviceName": "contoso",
            "value": "<fragment />",
        }
        inputs, failures = _check(service, "apimanagement:PolicyFragment", around)
        assert (inputs["id"], failures) == ("x", [])
        state = self._create(service, "apimanagement:PolicyFragment", {**inputs, "id": "who"})
        service_id = f"{_GROUP_ID}/providers/Microsoft.ApiManagement/service/contoso"
        assert state["response-id"] == state["id"] == f"{service_id}/policyFragments/who"
        response = service.diff(
            provider_pb2.DiffRequest(
                urn=_urn("apimanagement:PolicyFragment"),
                olds=to_struct(state),
                old_inputs=to_struct({**inputs, "id": "who"}),
                news=to_struct({**inputs, "id": "why"}),
            )
        )
        assert [*response.diffs, *response.replaces] == ["id", "id"]

    def test_refuses_to_take_over_a_resource_that_exists(self, service: Service, arm: FakeArm) -> None:
        arm.resources[_GROUP_ID] = {"id": _GROUP_ID}
        with pytest.raises(ProviderError, match=f"cannot create already existing resource '{_GROUP_ID}'"):
            self._create(service, "resources:ResourceGroup", _GROUP)
        assert arm.sent("PUT") == []

    def test_takes_over_what_exists_where_it_is_told_to_and_keeps_its_lists(
        self, service: Service, arm: FakeArm, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(TAKE_OVER, "yes")
        service.configure(provider_pb2.ConfigureRequest())
        subnets: JsonObject = {"subnets": [{"name": "apim"}], "virtualNetworkPeerings": []}
        arm.resources[_NETWORK_ID] = {"id": _NETWORK_ID, "properties": subnets}
        state = self._create(service, "network:VirtualNetwork", _NETWORK)
        assert arm.sent("PUT")[0].body["properties"] == subnets
        assert state["response-id"] == _NETWORK_ID

    def test_sends_nothing_in_a_preview(self, service: Service, arm: FakeArm) -> None:
        state = self._create(service, "resources:ResourceGroup", _GROUP, preview=True)
        assert (state["location"], state["id"], state["response-id"]) == ("westeurope", UNKNOWN, "")
        assert arm.received == []

    def test_starts_lists_of_stand_alone_resources_empty(self, service: Service, arm: FakeArm) -> None:
        self._create(service, "network:VirtualNetwork", _NETWORK)
        assert arm.sent("PUT")[0].body["properties"] == {"subnets": [], "virtualNetworkPeerings": []}

    def test_sends_query_parameters(self, service: Service, arm: FakeArm) -> None:
        self._create(
            service,
            "apimanagement:Subscription",
            {"resourceGroupName": "g", "serviceName": "s", "sid": "x", "notify": False, "appType": "portal"},
        )
        put = arm.sent("PUT")[0]
        assert put.query == "api-version=2024-05-01&appType=portal&notify=false"
        assert put.body == {"properties": {}}

    def test_sends_the_kind_of_a_backend_and_tells_its_arm_type(self, service: Service, arm: FakeArm) -> None:
        state = self._create(service, "apimanagement:Backend", _POOL)
        members: JsonObject = {"services": [{"id": "/backends/one", "weight": 100}]}
        assert arm.sent("PUT")[0].body == {"properties": {"type": "Pool", "pool": members}}
        assert (state["type"], state["pool"]) == ("t", members)

    def test_waits_for_an_accepted_operation(self, service: Service, arm: FakeArm) -> None:
        headers = {"Azure-AsyncOperation": f"{arm.url}/operations/1", "Retry-After": "0"}
        arm.queue(f"PUT {_GROUP_ID}", Reply(202, None, headers))
        arm.queue("GET /operations/1", Reply(200, {"status": "Succeeded"}))
        arm.queue(f"GET {_GROUP_ID}", Reply(404), Reply(200, {"id": _GROUP_ID, "location": "westeurope"}))
        assert self._create(service, "resources:ResourceGroup", _GROUP)["location"] == "westeurope"

    def test_keeps_a_resource_that_failed_after_it_was_accepted(self, service: Service, arm: FakeArm) -> None:
        headers = {"Azure-AsyncOperation": f"{arm.url}/operations/1", "Retry-After": "0"}
        arm.queue(f"PUT {_GROUP_ID}", Reply(201, {}, headers))
        failed: JsonObject = {"status": "Failed", "error": {"code": "NoCapacity", "message": "try elsewhere"}}
        arm.queue("GET /operations/1", Reply(200, failed))
        arm.queue(f"GET {_GROUP_ID}", Reply(404), Reply(200, {"id": _GROUP_ID, "location": "westeurope"}))
        with pytest.raises(InitFailedError, match='Code="NoCapacity" Message="try elsewhere"') as raised:
            self._create(service, "resources:ResourceGroup", _GROUP)
        assert raised.value.resource_id == _GROUP_ID
        assert raised.value.outputs["location"] == "westeurope"

    def test_keeps_nothing_of_a_resource_that_was_accepted_and_then_taken_back(
        self, service: Service, arm: FakeArm
    ) -> None:
        headers = {"Azure-AsyncOperation": f"{arm.url}/operations/1", "Retry-After": "0"}
        arm.queue(f"PUT {_GROUP_ID}", Reply(201, {}, headers))
        failed: JsonObject = {"status": "Failed", "error": {"code": "NoCapacity", "message": "try elsewhere"}}
        arm.queue("GET /operations/1", Reply(200, failed))
        with pytest.raises(ArmError, match='Code="NoCapacity" Message="try elsewhere"'):
            self._create(service, "resources:ResourceGroup", _GROUP)

    def test_keeps_nothing_of_a_resource_that_was_refused(self, service: Service, arm: FakeArm) -> None:
        arm.queue(f"PUT {_GROUP_ID}", Reply(400, {"error": {"code": "Bad", "message": "no"}}))
        with pytest.raises(ArmError, match='Status=400 Code="Bad" Message="no"'):
            self._create(service, "resources:ResourceGroup", _GROUP)

    def test_refuses_a_subscription_that_the_local_azure_does_not_stand_for(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LOCAL_AZURE_SUBSCRIPTION", "S1")
        ours, other = (
            provider_pb2.ConfigureRequest(variables={"azure-native:config:subscriptionId": name})
            for name in ("s1", "s2")
        )
        service.configure(ours)
        with pytest.raises(ProviderError, match=r"is for the subscription s2, but .* stands for S1 alone"):
            service.configure(other)

    def test_uses_the_configured_subscription(self, service: Service, arm: FakeArm) -> None:
        service.configure(
            provider_pb2.ConfigureRequest(variables={"azure-native:config:subscriptionId": "s2"})
        )
        self._create(service, "resources:ResourceGroup", _GROUP)
        assert arm.sent("PUT")[0].path == "/subscriptions/s2/resourceGroups/contoso-rg"


class TestUpdate:
    def _update(self, service: Service, news: JsonObject, *, preview: bool = False) -> JsonObject:
        response = service.update(
            provider_pb2.UpdateRequest(
                id=_NETWORK_ID,
                urn=_urn("network:VirtualNetwork"),
                olds=to_struct({"name": "vnet", "location": "westeurope", "etag": "1"}),
                news=to_struct(news),
                preview=preview,
            )
        )
        return from_struct(response.properties)

    def test_keeps_stand_alone_subnets_of_a_network(self, service: Service, arm: FakeArm) -> None:
        subnet: JsonObject = {"name": "apim", "properties": {"addressPrefix": "10.0.0.0/24"}}
        arm.resources[_NETWORK_ID] = {"properties": {"subnets": [subnet]}}
        self._update(service, _NETWORK)
        assert arm.sent("PUT")[0].body["properties"] == {"subnets": [subnet], "virtualNetworkPeerings": []}

    def test_sends_the_subnets_that_the_program_sets(self, service: Service, arm: FakeArm) -> None:
        arm.resources[_NETWORK_ID] = {"properties": {"subnets": [{"name": "old"}]}}
        self._update(service, _NETWORK | {"subnets": [{"name": "new"}], "virtualNetworkPeerings": []})
        assert arm.sent("PUT")[0].body["properties"] == {
            "subnets": [{"name": "new"}],
            "virtualNetworkPeerings": [],
        }

    def test_knows_in_a_preview_what_cannot_change(self, service: Service, arm: FakeArm) -> None:
        outputs = self._update(service, _NETWORK, preview=True)
        assert (outputs["id"], outputs["name"], outputs["location"]) == (_NETWORK_ID, "vnet", "westeurope")
        assert outputs["etag"] == UNKNOWN
        assert arm.received == []


class TestRead:
    def test_of_a_resource_that_is_gone_has_no_id(self, service: Service) -> None:
        response = service.read(provider_pb2.ReadRequest(id=_GROUP_ID, urn=_urn("resources:ResourceGroup")))
        assert response.id == ""

    def test_for_a_refresh_finds_drift(self, service: Service, arm: FakeArm) -> None:
        arm.resources[_GROUP_ID] = {"id": _GROUP_ID, "location": "westeurope", "tags": {"owner": "b"}}
        response = service.read(
            provider_pb2.ReadRequest(
                id=_GROUP_ID,
                urn=_urn("resources:ResourceGroup"),
                properties=to_struct({"location": "westeurope", "tags": {"owner": "a"}}),
                inputs=to_struct(_GROUP | {"tags": {"owner": "a"}}),
            )
        )
        assert from_struct(response.inputs) == _GROUP | {"tags": {"owner": "b"}}
        assert from_struct(response.properties)["tags"] == {"owner": "b"}

    def test_for_a_refresh_finds_changed_weights_and_keeps_the_kind_of_a_backend(
        self, service: Service, arm: FakeArm
    ) -> None:
        path = f"/subscriptions/{LOCAL_SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.ApiManagement"
        identity = f"{path}/service/s/backends/both"
        member: JsonObject = {"id": f"{path}/service/s/backends/one", "weight": 100}
        told: JsonObject = {"type": "Pool", "pool": {"services": [member | {"weight": 5}]}}
        arm.resources[identity] = {"id": identity, "type": "t", "properties": told}
        response = service.read(
            provider_pb2.ReadRequest(
                id=identity,
                urn=_urn("apimanagement:Backend"),
                properties=to_struct({"type": "t", "pool": {"services": [member]}}),
                inputs=to_struct(_POOL),
            )
        )
        changed: JsonObject = {"services": [{"id": "/backends/one", "weight": 5}]}
        assert from_struct(response.inputs) == _POOL | {"pool": changed}

    def test_for_an_import_says_what_a_program_would_say(self, service: Service, arm: FakeArm) -> None:
        arm.resources[_GROUP_ID] = {"id": _GROUP_ID, "name": "contoso-rg", "location": "westeurope"}
        response = service.read(provider_pb2.ReadRequest(id=_GROUP_ID, urn=_urn("resources:ResourceGroup")))
        assert from_struct(response.inputs) == _GROUP | {"azureApiVersion": "2024-03-01"}

    def test_of_an_id_of_another_type_is_refused(self, service: Service) -> None:
        with pytest.raises(ProviderError, match="is no id of azure-native:apimanagement:Api"):
            service.read(provider_pb2.ReadRequest(id=_GROUP_ID, urn=_urn("apimanagement:Api")))


def test_delete_removes_the_resource(service: Service, arm: FakeArm) -> None:
    arm.resources[_GROUP_ID] = {"id": _GROUP_ID}
    service.delete(provider_pb2.DeleteRequest(id=_GROUP_ID, urn=_urn("resources:ResourceGroup")))
    assert arm.resources == {}


def test_functions_are_refused_with_what_to_do_instead(service: Service) -> None:
    function = "azure-native:apimanagement:listSubscriptionSecrets"
    with pytest.raises(ProviderError, match=f"has no function {function}.*fetch a key when it is used"):
        service.invoke(provider_pb2.InvokeRequest(tok=function))
