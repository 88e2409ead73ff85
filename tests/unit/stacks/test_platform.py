from typing import Any

import pulumi
import pytest

from shared.policies import Quota, RateLimit, SetHeader, parse
from tests.unit.stacks import programs
from tests.unit.stacks.recording import Recording

_ENVIRONMENTS = ("local", "dev", "staging", "prod")


@pytest.fixture(scope="module")
def local() -> Recording:
    return programs.platform()


@pytest.fixture(scope="module")
def prod() -> Recording:
    return programs.platform("prod")


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("environment", _ENVIRONMENTS)
def test_the_program_runs_in_every_environment(environment: str, *, preview: bool) -> None:
    types = {resource.type for resource in programs.platform(environment, preview=preview).resources}
    assert types == {
        "model-gateway:platform:Service",
        "model-gateway:platform:Telemetry",
        "model-gateway:platform:NamedValues",
        "model-gateway:platform:Product",
        "apimanagement:ApiManagementService",
        "apimanagement:Policy",
        "apimanagement:Logger",
        "apimanagement:Diagnostic",
        "apimanagement:NamedValue",
        "apimanagement:Group",
        "apimanagement:Product",
        "apimanagement:ProductPolicy",
        "apimanagement:ProductGroupLink",
        "apimanagement:Tag",
        "applicationinsights:Component",
        "authorization:RoleAssignment",
    }


def test_a_preview_before_the_first_deployment_of_the_foundation_is_complete_runs_too() -> None:
    recording = programs.platform(
        preview=True, stored={"organization/foundation/local": {"vault_name": "kv"}}
    )
    assert recording.exports["vault_name"] == "kv"
    assert "resource_group_name" not in recording.exports


def test_the_service_acts_as_the_identity_of_the_foundation(local: Recording) -> None:
    identity = local.only("apimanagement:ApiManagementService").inputs["identity"]
    assert identity["type"] == "UserAssigned"
    (assigned,) = identity["userAssignedIdentities"]
    assert assigned.endswith("/UserAssignedIdentity/id-models-gateway-local")


def test_the_service_is_as_large_as_its_environment_needs(local: Recording, prod: Recording) -> None:
    assert local.only("apimanagement:ApiManagementService").inputs["sku"] == {
        "name": "Developer",
        "capacity": 1,
    }
    assert prod.only("apimanagement:ApiManagementService").inputs["sku"] == {"name": "Premium", "capacity": 3}


def test_the_service_is_in_the_subnet_of_the_foundation(local: Recording) -> None:
    inputs = local.only("apimanagement:ApiManagementService").inputs
    assert inputs["virtualNetworkType"] == "External"
    subnet = inputs["virtualNetworkConfiguration"]["subnetResourceId"]
    assert subnet.endswith("/Subnet/snet-models-apim-local")


def test_a_service_without_a_network_names_no_subnet() -> None:
    service = {"sku": "BasicV2", "units": 1, "virtualNetwork": "None"}
    inputs = programs.platform(service=service).only("apimanagement:ApiManagementService").inputs
    assert inputs["virtualNetworkType"] == "None"
    assert "virtualNetworkConfiguration" not in inputs


def test_only_the_service_and_products_of_production_are_protected(local: Recording, prod: Recording) -> None:
    assert [resource.type for resource in local.resources if resource.protect] == []
    assert sorted(resource.name for resource in prod.resources if resource.protect) == [
        "gateway-service",
        "standard-product",
        "trial-product",
    ]


def test_products_go_with_the_service_because_their_subscriptions_keep_them_from_being_deleted(
    local: Recording,
) -> None:
    for type_ in ("Product", "ProductPolicy", "ProductGroupLink"):
        for resource in local.of_type(f"apimanagement:{type_}"):
            assert resource.deleted_with == "gateway-service"


def test_traces_are_written_by_the_identity_and_no_key(local: Recording) -> None:
    component = local.only("applicationinsights:Component").inputs
    assert component["disableLocalAuth"] is True
    assert component["ingestionMode"] == "LogAnalytics"
    logger = local.only("apimanagement:Logger")
    assert set(logger.inputs["credentials"]) == {"connectionString", "identityClientId"}
    assert "telemetry-metrics-publisher" in logger.waits_for
    role = local.only("authorization:RoleAssignment").inputs["roleDefinitionId"]
    assert role.endswith("/3913510d-42f4-4e42-8a64-420c390055eb")


def test_traces_hold_no_bodies_and_no_addresses(local: Recording) -> None:
    diagnostic = local.only("apimanagement:Diagnostic").inputs
    assert diagnostic["diagnosticId"] == "applicationinsights"
    assert diagnostic["httpCorrelationProtocol"] == "W3C"
    assert diagnostic["logClientIp"] is False
    for side in ("frontend", "backend"):
        for message in ("request", "response"):
            assert diagnostic[side][message]["body"] == {"bytes": 0}
            assert diagnostic[side][message]["headers"] == ["x-correlation-id"]


def test_traces_hold_no_query_because_it_may_hold_a_key(local: Recording) -> None:
    diagnostic = local.only("apimanagement:Diagnostic").inputs
    for side in ("frontend", "backend"):
        for message in ("request", "response"):
            assert diagnostic[side][message]["dataMasking"] == {
                "queryParams": [{"mode": "Hide", "value": "*"}]
            }


def test_production_traces_a_share_of_its_calls(local: Recording, prod: Recording) -> None:
    assert local.only("apimanagement:Diagnostic").inputs["sampling"] == {
        "samplingType": "fixed",
        "percentage": 100,
    }
    assert prod.only("apimanagement:Diagnostic").inputs["sampling"]["percentage"] < 100


def test_no_client_can_pretend_to_be_the_gateway(local: Recording) -> None:
    document = parse(local.only("apimanagement:Policy").inputs["value"])
    assert document.inbound == (SetHeader("x-gateway-secret", exists_action="delete"),)


def test_both_products_limit_each_subscription_differently(local: Recording) -> None:
    limits = {}
    for policy in local.of_type("apimanagement:ProductPolicy"):
        assert policy.inputs["format"] == "rawxml"
        document = parse(policy.inputs["value"])
        limits[policy.inputs["productId"]] = [
            (type(statement), statement.calls, statement.renewal_period)
            for statement in document.inbound or ()
            if isinstance(statement, RateLimit | Quota)
        ]
    assert limits == {
        "trial": [(RateLimit, 60, 60), (Quota, 5000, 86400)],
        "standard": [(RateLimit, 600, 60), (Quota, 100000, 86400)],
    }


def test_products_are_open_to_the_group_once_their_limits_are_in_force(local: Recording) -> None:
    for link in local.of_type("apimanagement:ProductGroupLink"):
        assert link.inputs["groupId"].endswith("/Group/model-consumers")
        assert f"{link.inputs['productId']}-policy" in link.waits_for


def test_the_secret_of_the_gateway_stays_in_key_vault(local: Recording) -> None:
    (secret,) = [value for value in local.of_type("apimanagement:NamedValue") if value.inputs["secret"]]
    assert secret.inputs["namedValueId"] == "model-backend-secret"
    assert "value" not in secret.inputs
    assert secret.inputs["keyVault"] == {
        "secretIdentifier": f"https://{local.exports['vault_name']}.vault.azure.net/secrets/model-backend-secret",
        "identityClientId": "11111111-1111-1111-1111-111111111111",
    }


def test_the_name_of_the_environment_is_a_plain_named_value(local: Recording) -> None:
    (plain,) = [value for value in local.of_type("apimanagement:NamedValue") if not value.inputs["secret"]]
    assert (plain.inputs["displayName"], plain.inputs["value"]) == ("environment", "local")


def test_every_taggable_resource_has_tags(local: Recording) -> None:
    for type_ in ("apimanagement:ApiManagementService", "applicationinsights:Component"):
        tags = local.only(type_).inputs["tags"]
        assert (tags["layer"], tags["environment"], tags["workload"]) == ("platform", "local", "models")


def _service(sku: str, units: int, network: str) -> dict[str, Any]:
    return {"sku": sku, "units": units, "virtualNetwork": network}


@pytest.mark.parametrize(
    ("service", "sentence"),
    [
        (_service("Developer", 2, "External"), "is 2, but Developer has at most 1; set it to 1, or choose"),
        (_service("Premium", 0, "External"), "is 0, but Premium needs at least 1 unit; set it to 1 to 12."),
        (_service("Consumption", 1, "None"), "is 1, but Consumption scales by itself; set it to 0."),
        (_service("Standard", 1, "External"), "is External, which Standard cannot do; set it to None"),
        (_service("StandardV2", 1, "Internal"), "which StandardV2 cannot do; set it to External or None"),
        (
            _service("StandardV2", 1, "External"),
            (
                "for which StandardV2 needs a subnet for integration, not for classic; "
                "set `foundation:network.subnetPurpose` to integration and deploy the foundation first."
            ),
        ),
        (
            _service("Huge", 1, "None"),
            '`platform:service.sku` is "Huge"; it must be one of Consumption, Developer',
        ),
    ],
)
def test_what_azure_would_refuse_after_half_an_hour_is_refused_at_once(
    service: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        programs.platform(service=service)
    assert str(caught.value).startswith("Pulumi.local.yaml: `platform:service.")
    assert sentence in str(caught.value)


def test_more_units_than_one_page_of_microsoft_allows_are_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    programs.platform(service=_service("Premium", 13, "External"))
    assert "`platform:service.units` is 13; Premium is said to have at most 12" in caplog.text


def _product(rate: dict[str, Any], quota: dict[str, Any]) -> dict[str, Any]:
    return {
        "displayName": "Trial",
        "description": "x",
        "approvalRequired": False,
        "rate": rate,
        "quota": quota,
    }


@pytest.mark.parametrize("name", ["", "a/b", "*", "Trial", "1st", "x" * 64])
def test_a_product_whose_name_cannot_be_an_identifier_is_refused(name: str) -> None:
    limits = {"calls": 1, "renewalPeriod": 300}
    with pytest.raises(pulumi.RunError) as caught:
        programs.platform(products={name: _product(limits, limits)})
    assert str(caught.value) == (
        f"Pulumi.local.yaml: `platform:products.{name}`: a product is named with 1 to 63 lower-case letters, "
        "digits and hyphens, beginning with a letter. Rename it."
    )


@pytest.mark.parametrize(("calls", "shown"), [(True, "true"), (60.5, "60.5"), (60.0, "60.0")])
def test_calls_are_a_whole_number_as_written(calls: object, shown: str) -> None:
    rate = {"calls": calls, "renewalPeriod": 60}
    with pytest.raises(pulumi.RunError) as caught:
        programs.platform(products={"trial": _product(rate, {"calls": 1, "renewalPeriod": 300})})
    assert str(caught.value) == (
        f"Pulumi.local.yaml: `platform:products.trial.rate.calls` is {shown}; "
        "it must be a whole number of calls from 1."
    )


def test_limits_out_of_range_are_refused_with_their_key() -> None:
    product = _product({"calls": 1, "renewalPeriod": 301}, {"calls": 1, "renewalPeriod": 299})
    with pytest.raises(pulumi.RunError) as caught:
        programs.platform(products={"trial": product})
    assert str(caught.value).splitlines() == [
        (
            "Pulumi.local.yaml: `platform:products.trial.rate.renewalPeriod` is 301; "
            "it must be a whole number of seconds from 1 to 300."
        ),
        (
            "Pulumi.local.yaml: `platform:products.trial.quota.renewalPeriod` is 299; "
            "it must be a whole number of seconds from 300."
        ),
    ]


def test_the_tags_of_models_are_those_of_the_settings(local: Recording) -> None:
    tags = local.of_type("apimanagement:Tag")
    assert {tag.inputs["tagId"]: tag.inputs["displayName"] for tag in tags} == {
        "tabular": "tabular",
        "text": "text",
        "image": "image",
    }
    assert set(local.exports["tag_ids"]) == {"tabular", "text", "image"}


def test_a_platform_may_have_no_tags() -> None:
    recording = programs.platform(tags=None)
    assert recording.of_type("apimanagement:Tag") == []
    assert recording.exports["tag_ids"] == {}


def test_a_tag_that_is_named_twice_is_refused() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        programs.platform(tags=["text", "text"])
    assert str(caught.value) == (
        'Pulumi.local.yaml: `platform:tags` is ["text", "text"]: it names "text" more than once. Remove the repetition.'
    )


def test_a_tag_that_cannot_be_an_identifier_is_refused() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        programs.platform(tags=["Tabular data"])
    assert '`platform:tags.0` is "Tabular data"' in str(caught.value)
