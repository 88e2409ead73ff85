"""What a bootstrap makes where there is nothing, against a stand-in for the Azure CLI that keeps a small world."""

import pytest
import yaml

from delivery.errors import DeliveryError
from shared.azure import roles
from tests.support.azure_cli import identifier
from tests.unit.delivery.bootstrap.conftest import FILES, KEY, SUBSCRIPTION, Bench

_WRITER = identifier("principal of identity id-models-deploy-dev")
_READER = identifier("principal of identity id-models-preview-dev")
_SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTION}"
_STATE = f"{_SUBSCRIPTION}/resourceGroups/rg-models-state-dev/providers"
_BLOBS = f"{_STATE}/Microsoft.Storage/storageAccounts/stcontosomodelsdev/blobServices/default"
_CONTAINER = f"{_BLOBS}/containers/pulumi-state"
_KEY = f"{_STATE}/Microsoft.KeyVault/vaults/kv-contoso-state-dev/keys/pulumi"


def _roles_of(bench: Bench, principal: str) -> set[tuple[str, str]]:
    return {
        (str(each["roleDefinitionId"]).rpartition("/")[2], str(each["scope"]))
        for each in bench.world.assignments
        if each["principalId"] == principal
    }


def test_the_state_is_stored_safely(done: Bench) -> None:
    world = done.world.resources
    assert world["storage account stcontosomodelsdev"] == {
        "location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_ZRS"},
        "allowBlobPublicAccess": False, "allowSharedKeyAccess": False, "allowCrossTenantReplication": False,
        "enableHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_2",
    }  # fmt: skip
    thirty_days = {"enabled": True, "days": 30}
    assert world["storage account blob-service-properties stcontosomodelsdev"] == {
        "isVersioningEnabled": True,
        "deleteRetentionPolicy": thirty_days,
        "containerDeleteRetentionPolicy": thirty_days,
    }
    assert world["storage container-rm stcontosomodelsdev pulumi-state"] == {"publicAccess": "None"}
    assert world["lock rg-models-state-dev keep-state"]["level"] == "CanNotDelete"


def test_the_key_to_its_secrets_cannot_be_lost(done: Bench) -> None:
    world = done.world.resources
    assert world["keyvault kv-contoso-state-dev"]["properties"] == {
        "softDeleteRetentionInDays": 90, "enableRbacAuthorization": True, "enablePurgeProtection": True,
    }  # fmt: skip
    assert world[f"rest {_KEY}"]["properties"] == {
        "kty": "RSA", "keySize": 3072, "keyOps": ["encrypt", "decrypt"],
    }  # fmt: skip


def test_each_identity_trusts_one_environment_of_github(done: Bench) -> None:
    common: dict[str, object] = {
        "name": "github",
        "issuer": "https://token.actions.githubusercontent.com",
        "audiences": ["api://AzureADTokenExchange"],
    }
    trusts = {
        key.split()[2]: value
        for key, value in done.world.resources.items()
        if key.startswith("identity federated-credential")
    }
    assert trusts == {
        "id-models-deploy-dev": {**common, "subject": "repo:contoso/models:environment:dev"},
        "id-models-preview-dev": {**common, "subject": "repo:contoso/models:environment:preview-dev"},
    }


def test_the_identities_have_the_least_roles(done: Bench) -> None:
    assert _roles_of(done, _READER) == {
        (roles.READER, _SUBSCRIPTION),
        (roles.STORAGE_BLOB_DATA_READER, _CONTAINER),
        (roles.KEY_VAULT_CRYPTO_USER, _KEY),
    }
    assert _roles_of(done, _WRITER) == {
        (roles.CONTRIBUTOR, _SUBSCRIPTION),
        (roles.ROLE_BASED_ACCESS_CONTROL_ADMINISTRATOR, _SUBSCRIPTION),
        (roles.STORAGE_BLOB_DATA_CONTRIBUTOR, _CONTAINER),
        (roles.KEY_VAULT_CRYPTO_USER, _KEY),
    }


def test_who_deploys_can_give_the_two_roles_of_the_gateway_alone(done: Bench) -> None:
    conditions = [str(each["condition"]) for each in done.world.assignments if each["condition"]]
    assert len(conditions) == 1
    granted = f"{{{roles.KEY_VAULT_SECRETS_USER}, {roles.MONITORING_METRICS_PUBLISHER}}}"
    for source, action in (("Request", "write"), ("Resource", "delete")):
        attribute = f"@{source}[Microsoft.Authorization/roleAssignments"
        applications = "ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}"
        assert f"!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{action}'}})" in conditions[0]
        assert f"{attribute}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {granted}" in conditions[0]
        assert f"{attribute}:PrincipalType] {applications}" in conditions[0]


def test_the_stacks_are_made_and_their_key_is_in_the_three_files(bench: Bench) -> None:
    before = {source: bench.text(source) for source in FILES}
    bench.run()
    provider = "azurekeyvault://kv-contoso-state-dev.vault.azure.net/keys/pulumi"
    made = f"stack init dev --secrets-provider {provider} --no-select --non-interactive --color=never"
    assert bench.pulumi_calls == [made, made]
    line = f"secretsprovider: {provider}\n"
    for source, text in before.items():
        assert bench.text(source) == text.replace(line, f"{line}encryptedkey: {KEY}\n")
        assert yaml.safe_load(bench.text(source))["encryptedkey"] == KEY


def test_roles_that_are_not_yet_in_force_are_waited_for(bench: Bench) -> None:
    bench.deny_pulumi(3)
    printed = bench.run()
    assert len(bench.pulumi_calls) == 5
    assert printed.count("waiting for") == 1
    assert f"encryptedkey: {KEY}" in bench.text(FILES[2])


def test_pulumis_own_words_are_told_when_a_stack_cannot_be_made(bench: Bench) -> None:
    program = bench.folder / "bin" / "pulumi"
    program.write_text("#!/bin/sh\necho 'error: no such host' >&2\nexit 255\n")
    before = [bench.text(source) for source in FILES]
    with pytest.raises(DeliveryError, match="foundation/dev could not be made") as failed:
        bench.run()
    assert "  error: no such host\n" in str(failed.value)
    assert [bench.text(source) for source in FILES] == before


def test_an_application_can_bootstrap_too(bench: Bench) -> None:
    world = bench.world
    world.is_person, world.user = False, "00000000-0000-0000-0000-00000000000a"
    bench.change(world)
    bench.run()
    own = [each for each in bench.world.assignments if each["principalId"] == identifier(world.user)]
    assert {each["principalType"] for each in own} == {"ServicePrincipal"}
    assert len(own) == 2


def test_github_is_told_by_whoever_administers_it(done: Bench) -> None:
    client = identifier("client of identity id-models-preview-dev")
    variable = f"  gh variable set AZURE_CLIENT_ID --repo contoso/models --env preview-dev --body {client}\n"
    assert variable in done.printed
    assert "repos/contoso/models/environments/dev/deployment-branch-policies -f name=main" in done.printed
    assert "environments/preview-dev/deployment-branch-policies" not in done.printed
    assert "run this again with --repository" in done.printed
    assert "approve" not in done.printed.partition("On GitHub")[2]


def test_where_a_person_approves_github_has_to_know_who(bench: Bench) -> None:
    file = bench.root / FILES[0]
    file.write_text(file.read_text().replace("approval: false", "approval: true"))
    printed = bench.run("--dry-run")
    assert "Settings, Environments, approve-dev, Required reviewers." in printed
    assert "environments/approve-dev/deployment-branch-policies -f name=main" in printed


def test_a_repository_with_ids_is_trusted_by_them(done: Bench) -> None:
    printed = done.run("--repository", "contoso@12/models@34")
    trust = done.world.resources["identity federated-credential id-models-deploy-dev github"]
    assert trust["subject"] == "repo:contoso@12/models@34:environment:dev"
    assert "--repo contoso/models --env dev" in printed
    assert "run this again with --repository" not in printed


def test_no_secret_is_printed_or_asked_for(bench: Bench) -> None:
    printed = bench.run()
    assert KEY not in printed
    asked = [" ".join(call) for call in bench.world.calls]
    assert not [
        call
        for call in asked
        if "keys list" in call or "get-access-token" in call or "secret" in call.split()
    ]
