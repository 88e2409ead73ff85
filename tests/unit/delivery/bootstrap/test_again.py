"""What a bootstrap does where there is something already: nothing, or what corrects it."""

import json

import pytest
from pydantic import JsonValue

from delivery.errors import DeliveryError
from tests.support.azure_cli import identifier
from tests.unit.delivery.bootstrap.conftest import FILES, KEY, Bench

_ACCOUNT = "storage account stcontosomodelsdev"
_BLOBS = "storage account blob-service-properties stcontosomodelsdev"
_TRUST = "identity federated-credential id-models-deploy-dev github"
_READER = identifier("principal of identity id-models-preview-dev")


def test_a_second_run_changes_nothing_and_says_so(done: Bench) -> None:
    files = [done.text(source) for source in FILES]
    printed = done.run()
    assert done.world.written == []
    assert done.pulumi_calls == []
    assert [done.text(source) for source in FILES] == files
    assert "Nothing to change: all 26 things are as they should be." in printed


def test_what_was_opened_by_hand_is_closed_by_one_command(done: Bench) -> None:
    world = done.world
    world.resources[_ACCOUNT]["allowBlobPublicAccess"] = True
    done.change(world)
    printed = done.run()
    command = "storage account update --name stcontosomodelsdev --resource-group rg-models-state-dev"
    closed = "--allow-blob-public-access false --only-show-errors --output json"
    assert done.world.written == [f"{command} {closed}"]
    assert "changed           Storage account stcontosomodelsdev (allowBlobPublicAccess was true)" in printed
    assert "0 created, 1 changed, 25 as they should be." in printed


_DRIFT: tuple[tuple[str, str, JsonValue], ...] = (
    (_ACCOUNT, "allowSharedKeyAccess", None),
    (_ACCOUNT, "allowCrossTenantReplication", True),
    (_ACCOUNT, "enableHttpsTrafficOnly", False),
    (_ACCOUNT, "minimumTlsVersion", "TLS1_0"),
    (_BLOBS, "isVersioningEnabled", False),
    (_BLOBS, "deleteRetentionPolicy", {"enabled": True, "days": 7}),
    (_BLOBS, "containerDeleteRetentionPolicy", {"enabled": False, "days": None}),
    ("storage container-rm stcontosomodelsdev pulumi-state", "publicAccess", "Container"),
    (_TRUST, "subject", "repo:fabrikam/models:environment:dev"),
    (_TRUST, "issuer", "https://token.fabrikam.example"),
    (_TRUST, "audiences", ["anything"]),
    ("lock rg-models-state-dev keep-state", "level", "ReadOnly"),
    ("provider Microsoft.Network", "registrationState", "NotRegistered"),
)


def test_each_property_that_differs_is_corrected_by_one_command_for_its_thing(done: Bench) -> None:
    world = done.world
    right = {(key, member): world.resources[key][member] for key, member, _ in _DRIFT}
    for key, member, value in _DRIFT:
        world.resources[key][member] = value
    done.change(world)
    done.run()
    assert len(done.world.written) == len({key for key, _, _ in _DRIFT})
    assert {(key, member): done.world.resources[key][member] for key, member in right} == right


@pytest.mark.parametrize("member", ["enableRbacAuthorization", "enablePurgeProtection"])
def test_the_vault_is_closed_again(done: Bench, member: str) -> None:
    world = done.world
    properties = world.resources["keyvault kv-contoso-state-dev"]["properties"]
    assert isinstance(properties, dict)
    properties[member] = None
    done.change(world)
    done.run()
    corrected = done.world.resources["keyvault kv-contoso-state-dev"]["properties"]
    assert isinstance(corrected, dict)
    assert corrected[member] is True
    assert len(done.world.written) == 1


@pytest.mark.parametrize("stricter", [{"minimumTlsVersion": "TLS1_3"}, {"sku": {"name": "Standard_GZRS"}}])
def test_what_is_stricter_or_of_no_matter_is_left_alone(done: Bench, stricter: dict[str, JsonValue]) -> None:
    world = done.world
    world.resources[_ACCOUNT].update(stricter)
    world.resources[_BLOBS]["deleteRetentionPolicy"] = {"enabled": True, "days": 90}
    done.change(world)
    done.run()
    assert done.world.written == []


def test_a_role_whose_condition_was_lifted_gets_it_back(done: Bench) -> None:
    world = done.world
    limited = next(each for each in world.assignments if each["condition"])
    condition = limited["condition"]
    limited["condition"] = None
    done.change(world)
    printed = done.run()
    assert [command.split()[:3] for command in done.world.written] == [["role", "assignment", "update"]]
    assert condition in [each["condition"] for each in done.world.assignments]
    role = "Role Role Based Access Control Administrator for id-models-deploy-dev"
    assert f"{role} (its condition was another)" in printed


def test_azures_own_spacing_of_a_condition_is_no_difference(done: Bench) -> None:
    world = done.world
    limited = next(each for each in world.assignments if each["condition"])
    limited["condition"] = str(limited["condition"]).replace("AND", "\n  AND\n")
    done.change(world)
    done.run()
    assert done.world.written == []


def test_a_role_that_was_added_by_hand_is_told(done: Bench) -> None:
    world = done.world
    owner = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
    extra: dict[str, JsonValue] = {
        "id": "/extra", "principalId": _READER, "roleDefinitionName": "Owner", "roleDefinitionId": owner,
        "scope": "/subscriptions/x",
    }  # fmt: skip
    world.assignments.append(extra)
    done.change(world)
    printed = done.run()
    assert "Look: id-models-preview-dev has another role too, Owner on /subscriptions/x: " in printed
    assert "`az role assignment delete --ids /extra`" in printed
    assert done.world.written == []


def test_a_trust_that_was_added_by_hand_is_told(done: Bench) -> None:
    world = done.world
    world.resources["identity federated-credential id-models-deploy-dev back-door"] = {
        "name": "back-door", "subject": "repo:fabrikam/x:ref:refs/heads/main", "issuer": "https://fabrikam.example",
    }  # fmt: skip
    done.change(world)
    printed = done.run()
    told = "id-models-deploy-dev trusts repo:fabrikam/x:ref:refs/heads/main of https://fabrikam.example too"
    assert (
        f"Look: {told}: unless you want it, `az identity federated-credential delete --name back-door"
        in printed
    )
    assert done.world.written == []


def test_a_key_that_is_in_one_file_is_brought_into_the_others(bench: Bench) -> None:
    file = bench.root / FILES[1]
    file.write_text(file.read_text().replace("config:", "encryptedkey: b3RoZXI=\nconfig:"))
    bench.run()
    assert all("encryptedkey: b3RoZXI=" in bench.text(source) for source in FILES)


def test_a_key_that_was_made_and_never_committed_is_read_from_the_state(bench: Bench) -> None:
    for project in ("foundation", "platform"):
        (bench.folder / f"made.{project}").touch()
    checkpoint = bench.folder / "backend/.pulumi/stacks/foundation/dev.json"
    checkpoint.parent.mkdir(parents=True)
    secrets = {"type": "cloud", "state": {"url": "azurekeyvault://x", "encryptedkey": "c3RhdGU="}}
    checkpoint.write_text(
        json.dumps({"version": 3, "checkpoint": {"latest": {"secrets_providers": secrets}}})
    )
    printed = bench.run()
    assert "as it should be   Stack foundation/dev" in printed
    assert all("encryptedkey: c3RhdGU=" in bench.text(source) for source in FILES)


def test_a_stack_of_another_secrets_provider_is_told(bench: Bench) -> None:
    (bench.folder / "made.foundation").touch()
    with pytest.raises(DeliveryError, match="foundation/dev exists with another secrets provider"):
        bench.run()


def test_after_a_failure_in_the_middle_a_second_run_goes_on(bench: Bench) -> None:
    world = bench.world
    world.fails["keyvault create"] = "(AuthorizationFailed) The client does not have authorization."
    bench.change(world)
    with pytest.raises(DeliveryError) as failed:
        bench.run()
    told = str(failed.value)
    assert told.startswith("`az keyvault create --name kv-contoso-state-dev ")
    assert "  ERROR: (AuthorizationFailed) The client does not have authorization.\n" in told
    assert "needs the role Owner on the subscription" in told
    assert "run `./dev bootstrap` again" in told
    world = bench.world
    assert _ACCOUNT in world.resources
    world.fails.clear()
    bench.change(world)
    bench.forget_calls()
    printed = bench.run()
    assert "as it should be   Storage account stcontosomodelsdev" in printed
    assert not any(command.startswith("storage account create") for command in bench.world.written)
    assert KEY in bench.text(FILES[0])
