from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.provider.diffs import Change, difference
from local_azure.provider.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject

_API: JsonObject = {"serviceName": "contoso", "apiId": "iris", "path": "iris", "protocols": ["http", "https"]}


def test_equal_inputs_are_no_change(resource: Callable[[str], ResourceType]) -> None:
    found = difference(resource("apimanagement:Api"), _API, dict(_API), {})
    assert (found.changes, found.delete_before_replace) == ((), False)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"path": "roses"}, Change("path", "update", replace=False)),
        ({"description": "x"}, Change("description", "add", replace=False)),
        ({"protocols": ["http"]}, Change("protocols[1]", "delete", replace=False)),
        ({"protocols": ["http", "https", "ws"]}, Change("protocols[2]", "add", replace=False)),
        ({"protocols": ["ws", "https"]}, Change("protocols[0]", "update", replace=False)),
        ({"apiId": "roses"}, Change("apiId", "update", replace=True)),
        ({"serviceName": UNKNOWN}, Change("serviceName", "update", replace=True)),
    ],
)
def test_a_changed_input_is_named_and_path_parameters_replace(
    resource: Callable[[str], ResourceType], change: JsonObject, expected: Change
) -> None:
    found = difference(resource("apimanagement:Api"), _API, _API | change, {})
    assert found.changes == (expected,)
    assert found.delete_before_replace is expected.replace


def test_a_removed_input_is_a_deletion(resource: Callable[[str], ResourceType]) -> None:
    new = {name: value for name, value in _API.items() if name != "protocols"}
    assert difference(resource("apimanagement:Api"), _API, new, {}).changes == (
        Change("protocols", "delete", replace=False),
    )


def test_nested_changes_are_named_by_their_place(resource: Callable[[str], ResourceType]) -> None:
    found = difference(
        resource("apimanagement:ApiManagementService"),
        {"sku": {"name": "Developer", "capacity": 1}},
        {"sku": {"name": "Basic", "capacity": 1}},
        {},
    )
    assert found.changes == (Change("sku.name", "update", replace=False),)
    assert found.changes[0].top == "sku"


def test_an_auto_named_resource_is_created_before_the_old_one_is_deleted(
    resource: Callable[[str], ResourceType],
) -> None:
    old: JsonObject = {"resourceGroupName": "a", "__createBeforeDelete": True}
    found = difference(resource("network:VirtualNetwork"), old, old | {"resourceGroupName": "b"}, {})
    assert (len(found.changes), found.delete_before_replace) == (1, False)


def test_another_location_replaces_but_another_spelling_does_not(
    resource: Callable[[str], ResourceType],
) -> None:
    kind = resource("resources:ResourceGroup")
    old: JsonObject = {"location": "westeurope"}
    assert difference(kind, old, {"location": "West Europe"}, {}).changes == ()
    assert difference(kind, old, {"location": "North Europe"}, {}).changes == (
        Change("location", "update", replace=True),
    )


def test_a_location_spelt_out_that_the_resource_has_anyway_replaces_nothing(
    resource: Callable[[str], ResourceType],
) -> None:
    found = difference(
        resource("resources:ResourceGroup"), {}, {"location": "West Europe"}, {"location": "westeurope"}
    )
    assert found.changes == (Change("location", "add", replace=False),)


def test_the_principal_of_a_role_assignment_cannot_be_changed(
    resource: Callable[[str], ResourceType],
) -> None:
    found = difference(
        resource("authorization:RoleAssignment"), {"principalId": "a"}, {"principalId": "b"}, {}
    )
    assert found.changes == (Change("principalId", "update", replace=True),)
