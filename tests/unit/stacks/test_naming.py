import pytest
from pydantic import TypeAdapter

from shared import environments
from shared.naming import Names, NamingError, assignment_name
from shared.settings import Workload

_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
_LONG_SUFFIX = "ehprct"


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
    assert str(caught.value) == (
        f'The name "kv-recommendations-staging-{_LONG_SUFFIX}" of the Key Vault is too long for Azure. '
        "Shorten `workload` in the files Pulumi.staging.yaml of foundation and platform, "
        "or the environment's name, by 9."
    )


@pytest.mark.parametrize("environment", environments.names())
def test_the_longest_workload_that_settings_allow_fits_every_environment(environment: str) -> None:
    longest = TypeAdapter[str](Workload).validate_python("a" * 6)
    assert len(Names(longest, environment, _SUBSCRIPTION).vault) <= 24


def test_a_name_with_characters_that_azure_forbids_is_refused() -> None:
    with pytest.raises(NamingError, match=r"must be letters, digits and hyphens"):
        Names("mo_dels", "dev", _SUBSCRIPTION)


def test_a_role_assignment_has_the_same_name_in_every_run_and_another_for_others() -> None:
    first = assignment_name("/scope", "role", "principal")
    assert first == assignment_name("/Scope", "role", "principal")
    assert first != assignment_name("/scope", "role", "another")
    assert first != assignment_name("/elsewhere", "role", "principal")
