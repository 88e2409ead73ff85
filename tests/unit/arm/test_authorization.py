"""Role assignments."""

from local_azure.arm.json_values import JsonObject, find
from tests.unit.arm.local_arm import GROUP, SERVICE, SUBSCRIPTION, LocalArm, names

FIRST = "3f1e4a52-7a0b-4c58-9f7e-0b8f0d1c2a31"
SECOND = "9d0c6f0e-8c55-4c0e-8b5e-5a1d7d0a9b42"
ROLE = (
    f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6"
)


def _at(scope: str, name: str = FIRST) -> str:
    return f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"


def _to(principal: str) -> JsonObject:
    return {
        "properties": {
            "roleDefinitionId": ROLE,
            "principalId": principal,
            "principalType": "ServicePrincipal",
        }
    }


def test_a_role_is_assigned_at_every_scope_and_tells_it(arm: LocalArm) -> None:
    for scope in (SUBSCRIPTION, GROUP, SERVICE):
        assert find(arm.put(_at(scope), _to("a")), "properties", "scope") == scope


def test_the_scope_has_to_exist(arm: LocalArm) -> None:
    assert arm.refusal("PUT", _at(f"{SERVICE}2"), _to("a"))[:2] == (404, "ParentResourceNotFound")


def test_the_name_is_a_guid(arm: LocalArm) -> None:
    assert arm.refusal("PUT", _at(GROUP, "mine"), _to("a"))[:2] == (400, "InvalidRoleAssignmentId")


def test_the_same_is_assigned_once(arm: LocalArm) -> None:
    arm.put(_at(GROUP), _to("a"))
    arm.put(_at(GROUP), _to("a"))
    assert arm.refusal("PUT", _at(GROUP, SECOND), _to("A"))[:2] == (409, "RoleAssignmentExists")
    arm.put(_at(GROUP, SECOND), _to("b"))


def test_what_is_assigned_cannot_change(arm: LocalArm) -> None:
    arm.put(_at(GROUP), _to("a"))
    assert arm.refusal("PUT", _at(GROUP), _to("b"))[:2] == (400, "RoleAssignmentUpdateNotPermitted")


def test_a_scope_tells_what_holds_at_it_above_and_below(arm: LocalArm) -> None:
    arm.put(_at(SUBSCRIPTION), _to("a"))
    arm.put(_at(SERVICE, SECOND), _to("a"))
    collection = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments"
    assert names(arm.get(collection)) == [FIRST, SECOND]


def test_an_assignment_goes_with_its_scope(arm: LocalArm) -> None:
    arm.put(_at(SERVICE), _to("a"))
    arm.send("DELETE", SERVICE)
    assert arm.store.get(_at(SERVICE)) is None
