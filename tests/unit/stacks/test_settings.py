from typing import Any

import pytest
import yaml

from shared import environments
from shared.documents import DocumentError
from shared.environments import REPOSITORY
from shared.foundation.settings import FoundationSettings
from shared.platform.settings import PlatformSettings
from shared.settings import read
from tests.unit.stacks.programs import as_engine_writes

_ENVIRONMENTS = ("local", "dev", "staging", "prod")


def _file(project: str, stack: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (REPOSITORY / f"stacks/{project}/Pulumi.{stack}.yaml").read_text()
    )
    return content


def _config(**changes: object) -> dict[str, str]:
    config = {**_file("foundation", "dev")["config"], **changes}
    return as_engine_writes({key: value for key, value in config.items() if value is not None})


def _problems(config: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as caught:
        read(FoundationSettings, "foundation", "dev", config)
    return caught.value.problems


@pytest.mark.parametrize("stack", _ENVIRONMENTS)
def test_committed_settings_are_right(stack: str) -> None:
    foundation = as_engine_writes(_file("foundation", stack)["config"])
    platform = as_engine_writes(_file("platform", stack)["config"])
    read(FoundationSettings, "foundation", stack, foundation)
    read(PlatformSettings, "platform", stack, platform)


@pytest.mark.parametrize("stack", _ENVIRONMENTS)
@pytest.mark.parametrize("project", ["foundation", "platform"])
def test_committed_stack_files_agree_with_their_environment(project: str, stack: str) -> None:
    environment, file = environments.load(stack), _file(project, stack)
    assert file["config"]["azure-native:location"] == environment.azure.location
    assert file["config"]["azure-native:subscriptionId"] == environment.azure.subscription_id
    assert file["config"]["azure-native:tenantId"] == environment.azure.tenant_id
    assert file.get("secretsprovider", "passphrase") == environment.secretsprovider
    assert file.get("encryptionsalt") == environment.encryptionsalt
    assert file.get("encryptedkey") == environment.encryptedkey


@pytest.mark.parametrize("stack", _ENVIRONMENTS)
def test_both_layers_of_an_environment_name_the_same_owner(stack: str) -> None:
    foundation, platform = _file("foundation", stack)["config"], _file("platform", stack)["config"]
    for key in ("workload", "owner", "costCenter"):
        assert foundation[f"foundation:{key}"] == platform[f"platform:{key}"]


def test_production_is_protected_and_keeps_more_for_longer() -> None:
    dev = read(FoundationSettings, "foundation", "dev", _config()).settings
    production_config = as_engine_writes(_file("foundation", "prod")["config"])
    prod = read(FoundationSettings, "foundation", "prod", production_config).settings
    assert prod.protect
    assert not dev.protect
    assert prod.vault.purge_protection
    assert prod.log_retention_days > dev.log_retention_days


def test_settings_have_their_types() -> None:
    settings = read(FoundationSettings, "foundation", "dev", _config()).settings
    assert settings.log_retention_days == 30
    assert settings.protect is False
    assert settings.cost_center == "4711"


def test_a_missing_key_is_named_with_its_file_and_what_would_be_right() -> None:
    assert _problems(_config(**{"foundation:logRetentionDays": None})) == (
        "Pulumi.dev.yaml: `foundation:logRetentionDays` is missing. Add it: a whole number of days from 30 to 730.",
    )


def test_a_misspelt_key_is_answered_with_the_nearest_known_one() -> None:
    assert _problems(_config(**{"foundation:protct": "true"})) == (
        "Pulumi.dev.yaml: `foundation:protct` is not known. Did you mean `protect`?",
    )


def test_an_ill_typed_value_is_shown_with_what_would_be_right() -> None:
    assert _problems(_config(**{"foundation:logRetentionDays": "a month"})) == (
        (
            'Pulumi.dev.yaml: `foundation:logRetentionDays` is "a month"; '
            "it must be a whole number of days from 30 to 730."
        ),
    )


def test_a_value_out_of_range_is_refused() -> None:
    assert _problems(_config(**{"foundation:logRetentionDays": "7"})) == (
        'Pulumi.dev.yaml: `foundation:logRetentionDays` is "7"; it must be a whole number of days from 30 to 730.',
    )


def test_a_key_of_another_project_is_refused() -> None:
    assert _problems(_config(**{"fundation:protect": "true"})) == (
        (
            "Pulumi.dev.yaml: `fundation:protect` belongs to nothing here. Did you mean `foundation:protect`? "
            "Settings begin with `foundation:` or `azure-native:`."
        ),
    )


def test_a_misspelt_key_of_the_provider_is_recognized() -> None:
    config = _config(**{"azure-native:subscriptionId": None, "azure-native:subscriptionID": "0"})
    assert _problems(config) == (
        (
            "Pulumi.dev.yaml: `azure-native:subscriptionId` is missing. Add it: the GUID of an Azure subscription. "
            "You wrote `subscriptionID`."
        ),
    )


def test_other_settings_of_the_provider_are_left_to_it() -> None:
    read(FoundationSettings, "foundation", "dev", _config(**{"azure-native:environment": "public"}))


def test_settings_of_pulumi_itself_are_left_to_it() -> None:
    read(FoundationSettings, "foundation", "dev", _config(**{"pulumi:tags": {"a": "b"}}))


def test_everything_wrong_is_told_at_once() -> None:
    config = _config(
        **{
            "foundation:protect": "perhaps",
            "foundation:owner": None,
            "azure-native:tenantId": "x",
            "other:key": "y",
        }
    )
    assert len(_problems(config)) == 4


def test_a_subnet_outside_the_network_is_refused() -> None:
    network = {
        "addressSpace": "10.0.0.0/22",
        "apiManagementSubnet": "10.1.0.0/24",
        "subnetPurpose": "classic",
    }
    assert _problems(_config(**{"foundation:network": network})) == (
        (
            "Pulumi.dev.yaml: `foundation:network`: "
            "apiManagementSubnet 10.1.0.0/24 is not within addressSpace 10.0.0.0/22. Choose a part of it."
        ),
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [(167772160, "167772160"), (True, "true"), ("10.0.0.1/22", '"10.0.0.1/22"'), ("10.0.0.0", '"10.0.0.0"')],
)
def test_a_network_is_written_in_cidr_notation(written: object, shown: str) -> None:
    network = {"addressSpace": written, "apiManagementSubnet": "10.0.0.0/24", "subnetPurpose": "classic"}
    assert _problems(_config(**{"foundation:network": network})) == (
        (
            f"Pulumi.dev.yaml: `foundation:network.addressSpace` is {shown}: a network is an address whose "
            "host bits are zero, and the length of its prefix, as in 10.10.0.0/22."
        ),
    )


@pytest.mark.parametrize("written", ["yes", "off", "1", "True"])
def test_true_and_false_are_the_only_flags(written: str) -> None:
    (problem,) = _problems(_config(**{"foundation:protect": written}))
    assert problem.startswith(f'Pulumi.dev.yaml: `foundation:protect` is "{written}"; it must be true where')


def test_a_flag_in_a_map_is_no_number() -> None:
    vault = {"purgeProtection": 1, "softDeleteRetentionDays": 7}
    (problem,) = _problems(_config(**{"foundation:vault": vault}))
    assert problem.startswith(
        "Pulumi.dev.yaml: `foundation:vault.purgeProtection` is 1; it must be true or false"
    )


def test_what_becomes_a_tag_fits_into_one() -> None:
    owner = f"{'x' * 300}@contoso.example"
    (problem,) = _problems(_config(**{"foundation:owner": owner}))
    assert (
        "it must be the e-mail address of the team that owns the resources, at most 256 characters."
        in problem
    )


@pytest.mark.parametrize(("purpose", "smallest"), [("classic", 29), ("integration", 27), ("injection", 27)])
def test_a_subnet_may_be_as_small_as_its_purpose_allows(purpose: str, smallest: int) -> None:
    def network(prefix: int) -> dict[str, str]:
        subnet = f"10.0.0.0/{prefix}"
        return {"addressSpace": "10.0.0.0/22", "apiManagementSubnet": subnet, "subnetPurpose": purpose}

    read(FoundationSettings, "foundation", "dev", _config(**{"foundation:network": network(smallest)}))
    (problem,) = _problems(_config(**{"foundation:network": network(smallest + 1)}))
    assert problem.endswith(f" is too small for {purpose}. Choose a /{smallest} or larger.")
