"""Tags and the links by which APIs carry them."""

from local_azure.arm.json_values import find
from tests.unit.arm.local_arm import SERVICE, LocalArm, names

API = f"{SERVICE}/apis/iris"
TAG = f"{SERVICE}/tags/tabular"
LINK = f"{TAG}/apiLinks/iris"


def _tagged(arm: LocalArm) -> None:
    arm.put(API, {"properties": {"path": "iris", "displayName": "Iris"}})
    arm.put(TAG, {"properties": {"displayName": "tabular"}})
    arm.put(LINK, {"properties": {"apiId": "/apis/iris"}})


def test_an_api_carries_a_tag_by_its_full_id(arm: LocalArm) -> None:
    _tagged(arm)
    assert find(arm.get(LINK), "properties", "apiId") == API


def test_a_link_needs_its_tag_and_its_api(arm: LocalArm) -> None:
    arm.put(API, {"properties": {"path": "iris", "displayName": "Iris"}})
    assert arm.refusal("PUT", LINK, {"properties": {"apiId": API}})[0] == 404
    arm.put(TAG, {"properties": {"displayName": "tabular"}})
    refused = arm.refusal("PUT", LINK, {"properties": {"apiId": f"{SERVICE}/apis/nowhere"}})
    assert "is not one of the apis of this service." in refused[2]


def test_a_deleted_tag_takes_its_links_along_and_leaves_the_api(arm: LocalArm) -> None:
    _tagged(arm)
    assert arm.send("DELETE", TAG).status == 200
    assert arm.refusal("GET", LINK)[0] == 404
    assert arm.send("HEAD", API).status == 200


def test_a_deleted_api_takes_its_links_along_and_leaves_the_tag(arm: LocalArm) -> None:
    _tagged(arm)
    arm.send("DELETE", API)
    assert names(arm.get(f"{TAG}/apiLinks")) == []
    assert arm.send("HEAD", TAG).status == 200


def test_a_tag_needs_a_name_to_show(arm: LocalArm) -> None:
    assert "'displayName'" in arm.refusal("PUT", TAG, {"properties": {}})[2]
