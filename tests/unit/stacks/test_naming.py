import pytest

from shared.naming import Names, NamingError, assignment_name

_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


def test_names_follow_the_abbreviations_of_the_cloud_adoption_framework() -> None:
    names = Names("models", "dev", _SUBSCRIPTION)
    assert names.resource_group == "rg-models-dev"
    assert names.virtual_network == "vnet-models-dev"
    assert names.api_management_subnet == "snet-models-apim-dev"
    assert names.api_management_security_group == "nsg-models-apim-dev"
    assert names.log_workspace == "log-models-dev"
    assert names.gateway_identity == "id-models-gateway-dev"
    assert names.application_insights == "appi-models-dev"


def test_globally_unique_names_carry_a_suffix_that_stays() -> None:
    names = Names("models", "dev", _SUBSCRIPTION)
    assert names.vault == "kv-models-dev-3vsfd4"
    assert names.api_management == "apim-models-dev-3vsfd4"


@pytest.mark.parametrize(
    "other",
    [
        Names("model", "dev", _SUBSCRIPTION),
        Names("models", "prod", _SUBSCRIPTION),
        Names("models", "dev", "00000000-0000-0000-0000-000000000002"),
    ],
)
def test_the_suffix_differs_when_workload_environment_or_subscription_do(other: Names) -> None:
    assert other.suffix != Names("models", "dev", _SUBSCRIPTION).suffix


def test_a_name_that_azure_would_find_too_long_is_refused_with_what_to_shorten() -> None:
    with pytest.raises(NamingError) as caught:
        Names("recommendations", "staging", _SUBSCRIPTION)
    assert "of the Key Vault has 33 characters, and Azure allows 24" in str(caught.value)
    assert "Shorten the setting `workload` by 9." in str(caught.value)


def test_a_name_with_characters_that_azure_forbids_is_refused() -> None:
    with pytest.raises(NamingError, match=r"must be letters, digits and hyphens"):
        Names("mo_dels", "dev", _SUBSCRIPTION)


def test_a_role_assignment_has_the_same_name_in_every_run_and_another_for_others() -> None:
    first = assignment_name("/scope", "role", "principal")
    assert first == assignment_name("/Scope", "role", "principal")
    assert first != assignment_name("/scope", "role", "another")
    assert first != assignment_name("/elsewhere", "role", "principal")
