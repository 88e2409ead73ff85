from __future__ import annotations

import subprocess
import sys

import pytest

from local_azure.metadata import Type, load
from local_azure.metadata.loader import parse_type
from shared.azure.skus import Sku


def test_the_committed_file_is_what_the_installed_packages_give() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "local_azure.metadata.generate", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (check.returncode, check.stderr) == (0, "")


def test_the_sdk_and_the_management_packages_are_not_needed_at_run_time() -> None:
    program = (
        "import sys, local_azure.metadata as m; m.load();"
        "heavy = {'azure', 'pulumi', 'pulumi_azure_native', 'pydantic'};"
        "print([name for name in sys.modules if name.split('.')[0] in heavy])"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.strip() == "[]"


def test_every_type_that_a_property_names_exists() -> None:
    metadata = load()
    owners = [*metadata.types.values()]
    for resource in metadata.resources.values():
        owners += [resource.inputs, resource.outputs]
    kinds = [item.type for properties in owners for item in properties.values()]
    while kinds:
        kind = kinds.pop()
        if kind.element is not None:
            kinds.append(kind.element)
        if kind.name is not None:
            assert metadata.enums[kind.name] if kind.kind == "string" else metadata.properties(kind)


def test_an_enum_tells_its_values_and_whether_there_are_others() -> None:
    metadata = load()
    assert parse_type("~a:B") == Type("string", name="a:B", is_extensible=True)
    assert parse_type("[=a:B]") == Type("list", element=Type("string", name="a:B"))
    product = metadata.resources["azure-native:apimanagement:Product"].inputs["state"].type
    assert not product.is_extensible
    assert metadata.enums[product.name or ""] == {"published", "notPublished"}
    sku = metadata.properties(
        metadata.resources["azure-native:apimanagement:ApiManagementService"].inputs["sku"].type
    )
    assert sku["name"].type.is_extensible
    assert {item.value for item in Sku} == metadata.enums[sku["name"].type.name or ""] - {"Isolated"}


@pytest.mark.parametrize(
    ("token", "arm_type", "parameters"),
    [
        ("resources:ResourceGroup", "Microsoft.Resources/resourceGroups", ["resourceGroupName"]),
        (
            "apimanagement:ApiOperationPolicy",
            "Microsoft.ApiManagement/service/apis/operations/policies",
            ["resourceGroupName", "serviceName", "apiId", "operationId", "policyId"],
        ),
        (
            "authorization:RoleAssignment",
            "Microsoft.Authorization/roleAssignments",
            ["scope", "roleAssignmentName"],
        ),
        (
            "keyvault:Secret",
            "Microsoft.KeyVault/vaults/secrets",
            ["resourceGroupName", "vaultName", "secretName"],
        ),
    ],
)
def test_a_resource_type_is_found_by_its_arm_type(token: str, arm_type: str, parameters: list[str]) -> None:
    found = load().by_arm_type(arm_type.lower())
    assert found is not None
    assert (found.token, found.arm_type, list(found.path_names)) == (
        f"azure-native:{token}",
        arm_type,
        parameters,
    )


@pytest.mark.parametrize(
    ("token", "name", "path"),
    [
        ("apimanagement:Backend", "type", ("properties", "type")),
        ("apimanagement:Group", "type", ("properties", "type")),
        ("apimanagement:Api", "apiType", ("properties", "type")),
        ("apimanagement:Api", "soapApiType", ("properties", "apiType")),
        ("apimanagement:ApiSchema", "components", ("properties", "document", "components")),
        ("applicationinsights:Component", "applicationType", ("properties", "Application_Type")),
        ("keyvault:Vault", "properties", ("properties",)),
        ("network:VirtualNetwork", "location", ("location",)),
    ],
)
def test_an_input_has_the_place_that_the_service_expects(
    token: str, name: str, path: tuple[str, ...]
) -> None:
    assert load().resources[f"azure-native:{token}"].inputs[name].path == path


def test_the_state_of_a_backend_holds_the_arm_type() -> None:
    assert load().resources["azure-native:apimanagement:Backend"].outputs["type"].path == ("type",)


def test_notify_and_app_type_of_a_subscription_travel_in_the_query() -> None:
    subscription = load().resources["azure-native:apimanagement:Subscription"]
    assert subscription.query == {"appType": Type("string"), "notify": Type("boolean")}
    assert not {"appType", "notify"} & set(subscription.inputs)


def test_limits_come_from_the_management_packages() -> None:
    subscription = load().resources["azure-native:apimanagement:Subscription"]
    name = subscription.inputs["displayName"]
    assert (name.required, name.limits.min_length, name.limits.max_length) == (True, 1, 100)
    assert subscription.path[1].limits.pattern == "^[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$"


def test_a_location_is_required_although_the_sdk_fills_it_in() -> None:
    assert load().resources["azure-native:resources:ResourceGroup"].inputs["location"].required


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("network:VirtualNetwork", "random"),
        ("network:Subnet", "copy"),
        ("apimanagement:ApiManagementService", "random"),
        ("apimanagement:Api", "copy"),
        ("authorization:RoleAssignment", "uuid"),
    ],
)
def test_auto_naming_depends_on_where_the_resource_stands(token: str, kind: str) -> None:
    assert load().resources[f"azure-native:{token}"].auto_name == kind


def test_identities_are_a_map_for_api_management() -> None:
    identity = load().types["apimanagement:ApiManagementServiceIdentity"]["userAssignedIdentities"]
    assert identity.type == Type("map", element=Type("object", name="apimanagement:UserIdentityProperties"))


def test_identities_are_a_set_for_log_analytics() -> None:
    identity = load().types["operationalinsights:Identity"]["userAssignedIdentities"]
    assert identity.type == Type("set", element=Type("string"))


def test_type_expressions_nest() -> None:
    assert parse_type("{[#m:T]}") == Type("map", element=Type("list", element=Type("object", name="m:T")))
