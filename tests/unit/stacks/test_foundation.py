import re

import pulumi
import pytest

from tests.unit.stacks import programs
from tests.unit.stacks.recording import Recording

_ENVIRONMENTS = ("local", "dev", "staging", "prod")


@pytest.fixture(scope="module")
def local() -> Recording:
    return programs.foundation()


@pytest.fixture(scope="module")
def prod() -> Recording:
    return programs.foundation("prod")


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("environment", _ENVIRONMENTS)
def test_the_program_runs_in_every_environment(environment: str, *, preview: bool) -> None:
    types = {resource.type for resource in programs.foundation(environment, preview=preview).resources}
    assert types == {
        "model-gateway:foundation:Network",
        "model-gateway:foundation:Logs",
        "model-gateway:foundation:Vault",
        "model-gateway:foundation:GatewayIdentity",
        "resources:ResourceGroup",
        "network:VirtualNetwork",
        "network:Subnet",
        "network:NetworkSecurityGroup",
        "operationalinsights:Workspace",
        "keyvault:Vault",
        "managedidentity:UserAssignedIdentity",
        "authorization:RoleAssignment",
    }


def test_children_belong_to_their_component_and_carry_its_name(local: Recording) -> None:
    for resource in local.resources:
        if not resource.type.startswith("model-gateway:") and resource.type != "resources:ResourceGroup":
            assert resource.name.startswith(f"{resource.parent}-")
            assert resource.parent != ""


def test_the_subnet_is_guarded_by_the_security_group(local: Recording) -> None:
    group = local.only("network:NetworkSecurityGroup")
    subnet = local.only("network:Subnet")
    assert subnet.inputs["networkSecurityGroup"]["id"].endswith(group.inputs["networkSecurityGroupName"])
    assert "subnets" not in local.only("network:VirtualNetwork").inputs


def test_a_classic_service_is_managed_and_balanced_through_the_subnet(local: Recording) -> None:
    rules = local.only("network:NetworkSecurityGroup").inputs["securityRules"]
    inbound = {
        (rule["sourceAddressPrefix"], *rule["destinationPortRanges"])
        for rule in rules
        if rule["direction"] == "Inbound"
    }
    outbound = {rule["destinationAddressPrefix"] for rule in rules if rule["direction"] == "Outbound"}
    assert inbound == {("Internet", "443"), ("ApiManagement", "3443"), ("AzureLoadBalancer", "6390")}
    assert outbound == {"Storage", "Sql", "AzureActiveDirectory", "AzureKeyVault", "AzureMonitor"}
    assert len({rule["priority"] for rule in rules}) == len(rules)
    assert "delegations" not in local.only("network:Subnet").inputs


@pytest.mark.parametrize(
    ("purpose", "delegation", "callers"),
    [
        ("integration", "Microsoft.Web/serverFarms", []),
        ("injection", "Microsoft.Web/hostingEnvironments", ["VirtualNetwork"]),
    ],
)
def test_a_subnet_for_a_v2_service_is_delegated_and_closed_to_the_internet(
    purpose: str, delegation: str, callers: list[str]
) -> None:
    network = {"addressSpace": "10.0.0.0/22", "apiManagementSubnet": "10.0.0.0/24", "subnetPurpose": purpose}
    recording = programs.foundation(network=network)
    (delegated,) = recording.only("network:Subnet").inputs["delegations"]
    assert delegated["serviceName"] == delegation
    rules = recording.only("network:NetworkSecurityGroup").inputs["securityRules"]
    assert [rule["sourceAddressPrefix"] for rule in rules if rule["direction"] == "Inbound"] == callers
    assert "AzureActiveDirectory" in {rule["destinationAddressPrefix"] for rule in rules}
    assert recording.exports["subnet_purpose"] == purpose


def test_the_vault_is_opened_by_roles_alone(local: Recording) -> None:
    properties = local.only("keyvault:Vault").inputs["properties"]
    assert properties["enableRbacAuthorization"] is True
    assert properties["enableSoftDelete"] is True
    assert "accessPolicies" not in properties


def test_purge_protection_is_true_or_not_said_because_azure_refuses_false(
    local: Recording, prod: Recording
) -> None:
    assert "enablePurgeProtection" not in local.only("keyvault:Vault").inputs["properties"]
    assert prod.only("keyvault:Vault").inputs["properties"]["enablePurgeProtection"] is True


@pytest.mark.parametrize("environment", _ENVIRONMENTS)
def test_no_firewall_keeps_the_user_assigned_identity_from_the_vault(environment: str) -> None:
    recording = programs.foundation(environment)
    assert "networkAcls" not in recording.only("keyvault:Vault").inputs["properties"]
    assert recording.only("network:Subnet").inputs["serviceEndpoints"] == [{"service": "Microsoft.KeyVault"}]


def test_the_gateway_may_read_secrets_and_nothing_else(local: Recording) -> None:
    assignment = local.only("authorization:RoleAssignment").inputs
    assert assignment["roleDefinitionId"].endswith("/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6")
    assert assignment["scope"] == local.exports["vault_id"]
    assert assignment["principalId"] == local.exports["gateway_identity_principal_id"]
    assert assignment["principalType"] == "ServicePrincipal"
    assert re.fullmatch(r"[0-9a-f-]{36}", assignment["roleAssignmentName"])


def test_only_production_is_protected(local: Recording, prod: Recording) -> None:
    assert [resource.type for resource in local.resources if resource.protect] == []
    assert {resource.type for resource in prod.resources if resource.protect} == {
        "resources:ResourceGroup",
        "operationalinsights:Workspace",
        "keyvault:Vault",
    }


def test_every_taggable_resource_has_tags(local: Recording) -> None:
    untaggable = {"network:Subnet", "authorization:RoleAssignment"}
    for resource in local.resources:
        if not resource.type.startswith("model-gateway:") and resource.type not in untaggable:
            assert resource.inputs["tags"]["layer"] == "foundation"
            assert resource.inputs["tags"]["environment"] == "local"


def test_wrong_settings_end_the_program_with_sentences() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        programs.foundation(logRetentionDays="long", owner=None)
    assert str(caught.value).splitlines() == [
        (
            "Pulumi.local.yaml: `foundation:owner` is missing. "
            "Add it: the e-mail address of the team that owns the resources, at most 256 characters."
        ),
        'Pulumi.local.yaml: `foundation:logRetentionDays` is "long"; it must be a whole number of days from 30 to 730.',
    ]


def test_a_workload_too_long_for_names_ends_the_program_with_a_sentence() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        programs.foundation(workload="scoring")
    assert str(caught.value) == (
        'Pulumi.local.yaml: `foundation:workload` is "scoring"; '
        "it must be 2 to 6 lower-case letters and digits, beginning with a letter, such as models."
    )
