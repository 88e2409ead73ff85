"""Every reference between entities may be a full id, in whatever case, or one relative to the service."""

import pytest

from local_azure.arm.json_values import JsonObject, find
from tests.unit.arm.local_arm import SERVICE, SUBSCRIPTION, LocalArm

REFERENCES = {
    "apiVersionSetId": ("apis/next", "apiVersionSets/iris"),
    "sourceApiId": ("apis/next", "apis/iris"),
    "loggerId": ("diagnostics/applicationinsights", "loggers/insights"),
    "apiId": ("products/standard/apiLinks/iris", "apis/iris"),
    "groupId": ("products/standard/groupLinks/guests", "groups/guests"),
    "scope": ("subscriptions/smoke", "products/standard"),
    "ownerId": ("subscriptions/smoke", "users/1"),
}
"""By property: who refers, and to what."""

BODIES: dict[str, JsonObject] = {
    "apiVersionSetId": {"path": "next", "displayName": "Next", "apiVersion": "v1"},
    "sourceApiId": {"path": "next", "displayName": "Next"},
    "loggerId": {},
    "apiId": {},
    "groupId": {},
    "scope": {"displayName": "Smoke"},
    "ownerId": {"displayName": "Smoke", "scope": "/apis"},
}


@pytest.fixture
def arm(arm: LocalArm) -> LocalArm:
    """What is referred to is there."""
    entities: dict[str, JsonObject] = {
        "apiVersionSets/iris": {"displayName": "Iris", "versioningScheme": "Segment"},
        "apis/iris": {"path": "iris", "displayName": "Iris"},
        "loggers/insights": {"loggerType": "azureMonitor"},
        "products/standard": {"displayName": "Standard"},
    }
    for path, properties in entities.items():
        arm.put(f"{SERVICE}/{path}", {"properties": properties})
    return arm


@pytest.mark.parametrize("name", REFERENCES)
def test_all_forms_mean_the_same(arm: LocalArm, name: str) -> None:
    referrer, target = REFERENCES[name]
    for form in (f"/{target}", target, f"{SERVICE}/{target}", f"{SERVICE}/{target}".upper(), f"/{target}/"):
        arm.send("DELETE", f"{SERVICE}/{referrer}")
        told = arm.put(f"{SERVICE}/{referrer}", {"properties": {**BODIES[name], name: form}})
        assert find(told, "properties", name) == f"{SERVICE}/{target}", form


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_that_leads_elsewhere_is_refused(arm: LocalArm, name: str) -> None:
    referrer, target = REFERENCES[name]
    kind, _, _ = target.partition("/")
    other = (
        f"{SUBSCRIPTION}/resourceGroups/rg-fabrikam/providers/Microsoft.ApiManagement/service/apim-fabrikam"
    )
    for form in (f"/{kind}/nowhere", f"{other}/{target}", f"/backends/{name}", f"/{target}/policies/policy"):
        body: JsonObject = {"properties": {**BODIES[name], name: form}}
        status, code, sentence = arm.refusal("PUT", f"{SERVICE}/{referrer}", body)
        assert (status, code) == (400, "ValidationError")
        assert f"'{form}' is " in sentence
