"""`;rev=N` in the ids of APIs, and revisions beside the current one."""

import pytest

from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.json_values import JsonObject, find, text
from tests.unit.arm.local_arm import SERVICE, LocalArm, names

API = f"{SERVICE}/apis/iris"
SECOND = f"{API};rev=2"
BODY: JsonObject = {
    "properties": {"path": "iris", "displayName": "Iris", "serviceUrl": "https://one.contoso.example"}
}
POLICY = "<policies><inbound><base /></inbound></policies>"


def _copy(source: str = API, **properties: str) -> JsonObject:
    return {"properties": {"path": "iris", "sourceApiId": source, **properties}}


@pytest.fixture
def arm(arm: LocalArm) -> LocalArm:
    """An API with an operation and a policy."""
    arm.put(API, BODY)
    operation: JsonObject = {"displayName": "Predict", "method": "POST", "urlTemplate": "/predict"}
    arm.put(f"{API}/operations/predict", {"properties": operation})
    arm.put(f"{API}/policies/policy", {"properties": {"value": POLICY}})
    return arm


@pytest.mark.parametrize("path", [f"{API};rev=1", f"{API};REV=1", f"{SERVICE}/APIS/Iris;rev=1"])
def test_the_number_of_the_current_revision_means_the_api_itself(arm: LocalArm, path: str) -> None:
    assert arm.get(path) == arm.get(API)
    assert arm.send("HEAD", path).headers == arm.send("HEAD", API).headers
    assert names(arm.get(f"{path}/operations")) == ["predict"]
    arm.put(
        f"{path}/operations/explain",
        {"properties": {"displayName": "E", "method": "GET", "urlTemplate": "/e"}},
    )
    assert names(arm.get(f"{API}/operations")) == ["explain", "predict"]
    changed = arm.send("PATCH", path, {"properties": {"description": "Species"}})
    assert find(changed.body, "properties", "description") == "Species"
    assert arm.send("DELETE", path).status == 202
    assert arm.refusal("GET", API)[2] == "Api not found."


def test_references_may_name_the_current_revision(arm: LocalArm) -> None:
    product = f"{SERVICE}/products/standard"
    arm.put(product, {"properties": {"displayName": "Standard"}})
    link = arm.put(f"{product}/apiLinks/iris", {"properties": {"apiId": f"{API};rev=1"}})
    assert find(link, "properties", "apiId") == API
    assert arm.send("HEAD", f"{product}/apis/iris;rev=1").status == 204
    assert arm.send("PUT", f"{product}/apis/iris;rev=1").status == 200
    subscription: JsonObject = {"displayName": "Smoke", "scope": "/apis/iris;rev=1"}
    told = arm.put(f"{SERVICE}/subscriptions/smoke", {"properties": subscription})
    assert find(told, "properties", "scope") == API


@pytest.mark.parametrize("source", [API, f"{API};rev=1", "/apis/iris", "/apis/iris;rev=1"])
def test_a_revision_begins_as_a_copy_of_its_source(arm: LocalArm, source: str) -> None:
    told = arm.put(
        SECOND, _copy(source, apiRevisionDescription="Try", serviceUrl="https://two.contoso.example")
    )
    assert (told["id"], told["name"]) == (SECOND, "iris;rev=2")
    wanted = {
        "displayName": "Iris",
        "apiRevision": "2",
        "isCurrent": False,
        "apiRevisionDescription": "Try",
        "serviceUrl": "https://two.contoso.example",
        "sourceApiId": API,
    }
    assert {name: find(told, "properties", name) for name in wanted} == wanted
    assert names(arm.get(f"{SECOND}/operations")) == ["predict"]
    assert text(arm.get(f"{SECOND}/policies/policy"), "properties", "value") == POLICY
    current = arm.get(API)
    assert find(current, "properties", "isCurrent") is True
    assert find(current, "properties", "serviceUrl") == "https://one.contoso.example"
    arm.send("DELETE", f"{SECOND}/operations/predict")
    arm.put(SECOND, _copy(source))
    assert names(arm.get(f"{SECOND}/operations")) == []
    assert names(arm.get(f"{API}/operations")) == ["predict"]


def test_a_revision_without_source_begins_empty(arm: LocalArm) -> None:
    arm.put(SECOND, {"properties": {"path": "iris"}})
    assert names(arm.get(f"{SECOND}/operations")) == []
    assert arm.refusal("GET", f"{SECOND}/policies/policy")[0] == 404


def test_a_revision_may_name_the_version_set_of_its_api_in_either_form(arm: LocalArm) -> None:
    version_set: JsonObject = {"displayName": "Iris", "versioningScheme": "Segment"}
    for name in ("iris", "other"):
        arm.put(f"{SERVICE}/apiVersionSets/{name}", {"properties": version_set})
    version: JsonObject = {"path": "iris", "displayName": "Iris", "apiVersion": "v1"}
    arm.put(API, {"properties": {**version, "apiVersionSetId": "/apiVersionSets/iris"}})
    for form in ("/apiVersionSets/iris", f"{SERVICE}/apiVersionSets/iris"):
        told = arm.put(SECOND, {"properties": {"path": "iris", "apiVersionSetId": form}})
        assert find(told, "properties", "apiVersionSetId") == f"{SERVICE}/apiVersionSets/iris"
    other: JsonObject = {"properties": {"path": "iris", "apiVersionSetId": "/apiVersionSets/other"}}
    assert "Can't change property" in arm.refusal("PUT", SECOND, other)[2]


def test_a_new_version_may_begin_as_a_copy_too(arm: LocalArm) -> None:
    arm.put(f"{SERVICE}/apis/rain", _copy("/apis/iris", path="rain", displayName="Rain"))
    assert names(arm.get(f"{SERVICE}/apis/rain/operations")) == ["predict"]
    assert "is not one of the apis" in arm.refusal("PUT", f"{SERVICE}/apis/snow", _copy("/apis/nowhere"))[2]


def test_lists_tell_current_revisions_alone(arm: LocalArm) -> None:
    arm.put(SECOND, _copy())
    told = arm.get(f"{SERVICE}/apis")
    assert (names(told), told["count"]) == (["iris"], 1)


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (SECOND, _copy(displayName="Other"), "Can't change property for non-current revision."),
        (SECOND, _copy(path="other"), "Can't change property for non-current revision."),
        (SECOND, _copy(apiRevision="3"), "has to end with the number of the revision"),
        (f"{API};rev=two", _copy(), "has to end with the number of the revision"),
        (f"{SERVICE}/apis/rain;rev=2", _copy(), "Api not found."),
        (SECOND, {"properties": {"path": "iris", "isCurrent": True}}, "becomes the current one by a release"),
    ],
)
def test_a_revision_that_cannot_be_is_refused(arm: LocalArm, path: str, body: JsonObject, says: str) -> None:
    assert says in arm.refusal("PUT", path, body)[2]


def test_an_api_cannot_take_the_number_of_another_revision(arm: LocalArm) -> None:
    arm.put(SECOND, _copy())
    refused = arm.refusal(
        "PUT", API, {"properties": {"path": "iris", "displayName": "Iris", "apiRevision": "2"}}
    )
    assert "has another revision 2" in refused[2]


def test_other_revisions_follow_what_the_current_one_changes_for_all(arm: LocalArm) -> None:
    arm.put(SECOND, _copy(serviceUrl="https://two.contoso.example"))
    arm.put(
        API, {"properties": {"path": "flowers", "displayName": "Flowers", "serviceUrl": "https://x.example"}}
    )
    told = arm.get(SECOND)
    assert find(told, "properties", "path") == "flowers"
    assert find(told, "properties", "serviceUrl") == "https://two.contoso.example"


def test_the_current_revision_is_not_deleted_beside_others(arm: LocalArm) -> None:
    arm.put(SECOND, _copy())
    refused = arm.refusal("DELETE", API)
    assert refused == (400, "ValidationError", "Cannot delete the current revision of an API.")
    assert arm.send("DELETE", SECOND).status == 202
    arm.put(SECOND, _copy())
    assert arm.send("DELETE", API, deleterevisions="true").status == 202
    assert arm.refusal("GET", SECOND)[0] == 404


def test_products_and_keys_are_for_all_revisions(arm: LocalArm) -> None:
    arm.put(SECOND, _copy())
    product = f"{SERVICE}/products/standard"
    arm.put(product, {"properties": {"displayName": "Standard"}})
    refused = arm.refusal("PUT", f"{product}/apiLinks/iris", {"properties": {"apiId": SECOND}})
    assert "A product has all revisions of an API: name 'iris'." in refused[2]
    assert arm.refusal("PUT", f"{product}/apis/iris;rev=2")[0] == 404
    subscription: JsonObject = {"properties": {"displayName": "Smoke", "scope": "/apis/iris;rev=2"}}
    assert "is no scope" in arm.refusal("PUT", f"{SERVICE}/subscriptions/smoke", subscription)[2]


def test_the_gateway_knows_every_revision(arm: LocalArm) -> None:
    arm.put(SECOND, _copy(serviceUrl="https://two.contoso.example"))
    apis = GatewayConfiguration(arm.store).current()["apim-contoso"].service.apis
    assert [(api.id, api.revision, api.is_current, api.service_url) for api in apis] == [
        ("iris", "1", True, "https://one.contoso.example"),
        ("iris", "2", False, "https://two.contoso.example"),
    ]
    assert [operation.policy for api in apis for operation in api.operations] == [None, None]
