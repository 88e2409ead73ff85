from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.provider import ids
from local_azure.provider.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_azure.metadata import ResourceType


def test_an_id_is_built_from_path_parameters(resource: Callable[[str], ResourceType]) -> None:
    found = ids.build(
        resource("apimanagement:Api"),
        "s1",
        {"resourceGroupName": "contoso-rg", "serviceName": "contoso", "apiId": "iris v1/beta"},
    )
    assert found == (
        "/subscriptions/s1/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso"
        "/apis/iris%20v1%2Fbeta"
    )


def test_a_scope_keeps_its_slashes(resource: Callable[[str], ResourceType]) -> None:
    found = ids.build(
        resource("authorization:RoleAssignment"),
        "s1",
        {"scope": "/subscriptions/s1/resourceGroups/contoso-rg", "roleAssignmentName": "r1"},
    )
    assert found == (
        "/subscriptions/s1/resourceGroups/contoso-rg/providers/Microsoft.Authorization/roleAssignments/r1"
    )


def test_an_id_gives_its_path_parameters_back_in_any_case(resource: Callable[[str], ResourceType]) -> None:
    inputs = {"scope": "/subscriptions/s1/resourceGroups/contoso-rg", "roleAssignmentName": "r1"}
    kind = resource("authorization:RoleAssignment")
    text = ids.build(kind, "s1", dict(inputs)).replace("resourceGroups", "resourcegroups")
    assert ids.parse(kind, text) == inputs | {"scope": "/subscriptions/s1/resourcegroups/contoso-rg"}


def test_an_id_of_another_type_is_refused_with_the_right_form(
    resource: Callable[[str], ResourceType],
) -> None:
    with pytest.raises(
        ProviderError, match=r"'/subscriptions/s1' is no id of .*:Api; it must look like /subscr"
    ):
        ids.parse(resource("apimanagement:Api"), "/subscriptions/s1")


def test_a_missing_path_parameter_is_named(resource: Callable[[str], ResourceType]) -> None:
    with pytest.raises(ProviderError, match="needs a string for serviceName"):
        ids.build(resource("apimanagement:Api"), "s1", {"resourceGroupName": "contoso-rg"})
