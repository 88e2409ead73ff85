"""Deleted services and vaults: kept for a while, their names taken, purged or brought back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local_azure.arm import soft_delete
from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.json_values import JsonObject, find, object_at, text
from local_azure.arm.messages import Answer, ArmRequest, Failure
from local_azure.arm.types.common import moment_of
from tests.unit.arm.local_arm import (
    GROUP,
    PLACE,
    SERVICE,
    SERVICE_BODY,
    SUBSCRIPTION,
    LocalArm,
    names,
    open_store,
)

PROVIDER = f"{SUBSCRIPTION}/providers/Microsoft.ApiManagement"
DELETED_SERVICES = f"{PROVIDER}/deletedservices"
DELETED_SERVICE = f"{PROVIDER}/locations/westeurope/deletedservices/apim-contoso"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
SECRET = f"{VAULT}/secrets/model-key"
DELETED_VAULTS = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/deletedVaults"
DELETED_VAULT = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-contoso"
KEY_VAULT_VERSION = "2024-11-01"
SERVICE_VERSION = "2024-05-01"
OTHER_SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
ELSEWHERE: JsonObject = {"location": "northeurope"}
RESTORE: JsonObject = {"restore": True}


def _vault(**properties: str | bool | int) -> JsonObject:
    sku: JsonObject = {"family": "A", "name": "standard"}
    tenant = "00000000-0000-0000-0000-000000000000"
    return {"location": "westeurope", "properties": {"tenantId": tenant, "sku": sku, **properties}}


def _service(properties: JsonObject) -> JsonObject:
    return SERVICE_BODY | {"properties": object_at(SERVICE_BODY, "properties") | properties}


def _with_secret(arm: LocalArm, **properties: str | bool | int) -> None:
    arm.put(VAULT, _vault(**properties))
    arm.put(SECRET, {"properties": {"value": "first"}})


def _delete(arm: LocalArm, path: str) -> None:
    assert arm.send("DELETE", path).status in {200, 202}


def _purge_vault(arm: LocalArm) -> int:
    return arm.send("POST", f"{DELETED_VAULT}/purge", version=KEY_VAULT_VERSION).status


def _told(arm: LocalArm, path: str) -> JsonObject:
    return arm.get(path, version=KEY_VAULT_VERSION if "KeyVault" in path else SERVICE_VERSION)


def _next_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the clock ahead by more than any retention."""
    monkeypatch.setattr(soft_delete, "_now", lambda: datetime.now(UTC) + timedelta(days=365))


def test_a_deleted_service_is_told_with_its_dates_for_48_hours(arm: LocalArm) -> None:
    _delete(arm, SERVICE)
    assert arm.send("GET", SERVICE).status == 404
    told = _told(arm, DELETED_SERVICE)
    assert told["id"] == DELETED_SERVICE
    assert (told["name"], told["type"]) == ("apim-contoso", "Microsoft.ApiManagement/deletedservices")
    assert (told["location"], find(told, "properties", "serviceId")) == ("westeurope", SERVICE)
    deleted, purged = (
        moment_of(text(told, "properties", name)) for name in ("deletionDate", "scheduledPurgeDate")
    )
    assert purged - deleted == timedelta(hours=48)
    assert names(_told(arm, DELETED_SERVICES)) == ["apim-contoso"]


def test_another_subscription_does_not_see_it(arm: LocalArm) -> None:
    _delete(arm, SERVICE)
    assert names(_told(arm, DELETED_SERVICES.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION))) == []


@pytest.mark.parametrize("subscription", [SUBSCRIPTION, OTHER_SUBSCRIPTION])
def test_the_name_of_a_deleted_service_is_taken_everywhere(arm: LocalArm, subscription: str) -> None:
    _delete(arm, SERVICE)
    group = f"{subscription}/resourceGroups/rg-fabrikam"
    arm.put(group, PLACE)
    path = f"{group}/providers/Microsoft.ApiManagement/service/APIM-Contoso"
    status, code, sentence = arm.refusal("PUT", path, SERVICE_BODY)
    assert (status, code) == (409, "ServiceAlreadyExistsInSoftDeletedState")
    assert sentence == (
        "Api service APIM-Contoso was soft-deleted. In order to create the new service with the same name, you have "
        "to either undelete the service or purge it. See https://aka.ms/apimsoftdelete."
    )


def test_a_restored_service_is_what_it_was_with_all_that_is_in_it(arm: LocalArm) -> None:
    product = f"{SERVICE}/products/standard"
    subscription = f"{SERVICE}/subscriptions/contoso"
    arm.put(product, {"properties": {"displayName": "Standard"}})
    arm.put(subscription, {"properties": {"displayName": "Contoso", "scope": "/products/standard"}})
    keys = arm.send("POST", f"{subscription}/listSecrets").body
    before = {path: arm.get(path) for path in (SERVICE, product, subscription, f"{SERVICE}/groups")}
    _delete(arm, SERVICE)
    other: JsonObject = {"publisherName": "Fabrikam", "publisherEmail": "f@fabrikam.example", "restore": True}
    arm.put(SERVICE, _service(other))
    assert {path: arm.get(path) for path in before} == before
    assert arm.send("POST", f"{subscription}/listSecrets").body == keys
    assert names(_told(arm, DELETED_SERVICES)) == []
    arm.put(SERVICE, SERVICE_BODY)


def test_what_is_not_deleted_cannot_be_restored(grouped: LocalArm) -> None:
    for _ in range(2):
        refused = grouped.refusal("PUT", SERVICE, _service(RESTORE))
        assert refused[:2] == (400, "ServiceUndeleteNotPossible")
        grouped.put(SERVICE, SERVICE_BODY)


def test_a_service_is_restored_in_its_group_and_location_alone(arm: LocalArm) -> None:
    _delete(arm, SERVICE)
    other = f"{SUBSCRIPTION}/resourceGroups/rg-fabrikam"
    arm.put(other, PLACE)
    moved = SERVICE.replace(GROUP, other)
    assert arm.refusal("PUT", moved, _service(RESTORE))[1] == "ServiceUndeleteNotPossible"
    assert arm.refusal("PUT", SERVICE, _service(RESTORE) | ELSEWHERE)[1] == "ServiceUndeleteNotPossible"
    arm.put(SERVICE, _service(RESTORE))


def test_a_patch_restores_nothing(arm: LocalArm) -> None:
    answer = arm.send("PATCH", SERVICE, {"properties": RESTORE})
    assert answer.status == 202
    assert find(arm.get(SERVICE), "properties", "restore") is None


def test_a_purged_service_is_gone_and_its_name_free(arm: LocalArm) -> None:
    arm.put(f"{SERVICE}/products/standard", {"properties": {"displayName": "Standard"}})
    _delete(arm, SERVICE)
    answer = arm.send("DELETE", DELETED_SERVICE, version=SERVICE_VERSION)
    assert answer.status == 202
    assert "/locations/westeurope/operationresults/" in answer.headers["Location"]
    assert arm.send("GET", DELETED_SERVICE, version=SERVICE_VERSION).status == 404
    assert arm.send("DELETE", DELETED_SERVICE, version=SERVICE_VERSION).status == 204
    assert arm.refusal("PUT", SERVICE, _service(RESTORE))[1] == "ServiceUndeleteNotPossible"
    arm.put(SERVICE, SERVICE_BODY)
    assert names(arm.get(f"{SERVICE}/products")) == []


def _begin_purge(arm: LocalArm, failure: Failure | None = None) -> Answer:
    """Purge the deleted service by an operation that ends at 1 by the clock."""
    version = {"api-version": SERVICE_VERSION}
    return arm.engine.handle(
        ArmRequest("DELETE", DELETED_SERVICE, version, b"", "Bearer anyone", "*", 1, failure)
    )


def _status(arm: LocalArm, answer: Answer) -> str:
    path = answer.headers["Azure-AsyncOperation"].removeprefix("http://127.0.0.1:8400").partition("?")[0]
    return text(arm.get(path), "status")


def test_a_purge_goes_on_after_its_answer(arm: LocalArm) -> None:
    _delete(arm, SERVICE)
    answer = _begin_purge(arm)
    assert _status(arm, answer) == "InProgress"
    arm.clock.now = 1
    assert _status(arm, answer) == "Succeeded"


def test_a_purge_that_fails_leaves_what_was_deleted(arm: LocalArm) -> None:
    _delete(arm, SERVICE)
    answer = _begin_purge(arm, Failure("InternalServerError", "Try again."))
    arm.clock.now = 1
    assert _status(arm, answer) == "Failed"
    arm.put(SERVICE, _service(RESTORE))


def test_a_restored_service_whose_activation_fails_is_there_and_says_so(arm: LocalArm) -> None:
    _delete(arm, SERVICE)
    arm.begin("PUT", SERVICE, _service(RESTORE), failure=Failure("ActivationFailed", "There is no capacity."))
    assert find(arm.get(SERVICE), "properties", "provisioningState") == "Failed"
    assert find(arm.get(SERVICE), "properties", "publisherName") == "Contoso"


def test_a_service_whose_name_only_begins_alike_stays(arm: LocalArm) -> None:
    other = f"{SERVICE}-2"
    arm.put(other, SERVICE_BODY)
    _delete(arm, SERVICE)
    assert arm.send("GET", f"{other}/groups/developers").status == 200
    _delete(arm, other)
    assert arm.send("DELETE", DELETED_SERVICE, version=SERVICE_VERSION).status == 202
    arm.put(other, _service(RESTORE))
    assert arm.send("GET", f"{other}/groups/developers").status == 200


def test_the_gateway_serves_a_service_until_it_is_deleted_and_again_when_it_is_restored(
    arm: LocalArm,
) -> None:
    gateway = GatewayConfiguration(arm.store)
    assert set(gateway.current()) == {"apim-contoso"}
    _delete(arm, SERVICE)
    assert set(gateway.current()) == set()
    arm.put(SERVICE, _service(RESTORE))
    assert set(gateway.current()) == {"apim-contoso"}


def test_what_was_deleted_is_there_after_a_restart(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    first.put(GROUP, PLACE)
    _with_secret(first)
    _delete(first, VAULT)
    first.store.close()
    second = open_store(tmp_path)
    assert names(_told(second, DELETED_VAULTS)) == ["kv-contoso"]
    second.put(VAULT, _vault(createMode="recover"))
    assert second.send("GET", SECRET).status == 200
    second.store.close()


def test_a_write_that_fails_half_way_leaves_everything_there(
    arm: LocalArm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_resource_id: str) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(arm.store, "delete", broken)
    before = arm.store.revision
    with pytest.raises(OSError, match="the disk is full"):
        arm.send("DELETE", SERVICE)
    assert arm.store.revision == before
    assert arm.send("GET", SERVICE).status == 200
    assert names(_told(arm, DELETED_SERVICES)) == []


def test_a_deleted_vault_is_told_with_its_dates(grouped: LocalArm) -> None:
    _with_secret(grouped, softDeleteRetentionInDays=7)
    _delete(grouped, VAULT)
    assert grouped.send("GET", SECRET).status == 404
    told = _told(grouped, DELETED_VAULT)
    assert (told["id"], told["type"]) == (DELETED_VAULT, "Microsoft.KeyVault/deletedVaults")
    properties = object_at(told, "properties")
    assert (properties["vaultId"], properties["location"]) == (VAULT, "westeurope")
    assert "purgeProtectionEnabled" not in properties
    dates = [moment_of(text(properties, name)) for name in ("deletionDate", "scheduledPurgeDate")]
    assert dates[1] - dates[0] == timedelta(days=7)
    assert names(_told(grouped, DELETED_VAULTS)) == ["kv-contoso"]


def test_the_name_of_a_deleted_vault_is_taken_everywhere(grouped: LocalArm) -> None:
    _with_secret(grouped)
    _delete(grouped, VAULT)
    status, code, sentence = grouped.refusal("PUT", VAULT, _vault())
    assert (status, code) == (409, "ConflictError")
    assert sentence == (
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing key "
        "vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete."
    )
    group = f"{OTHER_SUBSCRIPTION}/resourceGroups/rg-fabrikam"
    grouped.put(group, PLACE)
    refused = grouped.refusal("PUT", VAULT.replace(GROUP, group), _vault())
    assert refused[:2] == (409, "VaultAlreadyExists")


def test_a_recovered_vault_has_its_secrets_and_ignores_the_rest_of_the_request(grouped: LocalArm) -> None:
    _with_secret(grouped)
    before = grouped.get(VAULT), grouped.get(SECRET)
    _delete(grouped, VAULT)
    grouped.put(VAULT, _vault(createMode="recover", enabledForDeployment=True))
    assert (grouped.get(VAULT), grouped.get(SECRET)) == before
    entity = grouped.store.get(SECRET)
    assert entity is not None
    assert entity.secrets == {"value": "first"}


def test_role_assignments_on_a_vault_do_not_come_back_with_it(grouped: LocalArm) -> None:
    grouped.put(VAULT, _vault())
    role = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6"
    assignments = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments"
    grouped.put(
        f"{assignments}/00000000-0000-0000-0000-000000000007",
        {
            "properties": {
                "roleDefinitionId": role,
                "principalId": "00000000-0000-0000-0000-000000000008",
                "principalType": "ServicePrincipal",
            }
        },
    )
    assert len(names(grouped.get(assignments))) == 1
    _delete(grouped, VAULT)
    grouped.put(VAULT, _vault(createMode="recover"))
    assert names(grouped.get(assignments)) == []


def test_a_vault_that_is_not_deleted_cannot_be_recovered(grouped: LocalArm) -> None:
    for _ in range(2):
        refused = grouped.refusal("PUT", VAULT, _vault(createMode="recover"))
        assert refused[:2] == (400, "SoftDeletedVaultDoesNotExist")
        grouped.put(VAULT, _vault(createMode="default"))
    assert find(grouped.get(VAULT), "properties", "createMode") is None


def test_a_purged_vault_is_gone_with_its_secrets(grouped: LocalArm) -> None:
    _with_secret(grouped)
    _delete(grouped, VAULT)
    assert _purge_vault(grouped) == 202
    assert names(_told(grouped, DELETED_VAULTS)) == []
    refused = grouped.refusal("POST", f"{DELETED_VAULT}/purge", version=KEY_VAULT_VERSION)
    assert refused[:2] == (404, "DeletedVaultNotFound")
    grouped.put(VAULT, _vault())
    assert names(grouped.get(f"{VAULT}/secrets")) == []


def test_after_a_purge_the_next_one_by_the_name_is_deleted_and_recovered_alone(grouped: LocalArm) -> None:
    _with_secret(grouped)
    _delete(grouped, VAULT)
    assert _purge_vault(grouped) == 202
    _replace_and_recover(grouped)


def _replace_and_recover(arm: LocalArm) -> None:
    """Make a vault anew, delete and recover it: nothing of an earlier one may come with it."""
    arm.put(VAULT, _vault())
    _delete(arm, VAULT)
    arm.put(VAULT, _vault(createMode="recover"))
    assert names(arm.get(f"{VAULT}/secrets")) == []


def test_purge_protection_forbids_to_purge_and_is_never_turned_off(grouped: LocalArm) -> None:
    _with_secret(grouped, enablePurgeProtection=True)
    refused = grouped.refusal("PUT", VAULT, _vault(enablePurgeProtection=False))
    assert refused[:2] == (400, "BadRequest")
    assert '"enablePurgeProtection" cannot be set to false' in refused[2]
    grouped.put(VAULT, _vault())
    grouped.send("PATCH", VAULT, {"properties": {"enablePurgeProtection": None}})
    _delete(grouped, VAULT)
    assert find(_told(grouped, DELETED_VAULT), "properties", "purgeProtectionEnabled") is True
    refused = grouped.refusal("POST", f"{DELETED_VAULT}/purge", version=KEY_VAULT_VERSION)
    assert refused == (405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")
    grouped.put(VAULT, _vault(createMode="recover"))


def test_every_vault_has_soft_delete(grouped: LocalArm) -> None:
    refused = grouped.refusal("PUT", VAULT, _vault(enableSoftDelete=False))
    assert '"enableSoftDelete" cannot be set to false' in refused[2]


@pytest.mark.parametrize("days", [6, 91])
def test_a_vault_is_kept_from_7_to_90_days(grouped: LocalArm, days: int) -> None:
    sentence = grouped.refusal("PUT", VAULT, _vault(softDeleteRetentionInDays=days))[2]
    assert sentence == f'The property "softDeleteRetentionInDays" has to be from 7 to 90, not {days}.'


def test_the_retention_of_a_vault_is_set_once(grouped: LocalArm) -> None:
    grouped.put(VAULT, _vault(softDeleteRetentionInDays=7))
    sentence = grouped.refusal("PUT", VAULT, _vault(softDeleteRetentionInDays=8))[2]
    assert "has been set already and it can't be modified" in sentence
    told = grouped.put(VAULT, _vault())
    assert find(told, "properties", "softDeleteRetentionInDays") == 7


def test_a_group_goes_with_its_service_and_vault_which_can_be_brought_back_into_it(arm: LocalArm) -> None:
    _with_secret(arm)
    _delete(arm, GROUP)
    assert names(_told(arm, DELETED_SERVICES)) == ["apim-contoso"]
    assert names(_told(arm, DELETED_VAULTS)) == ["kv-contoso"]
    assert arm.refusal("PUT", VAULT, _vault(createMode="recover"))[1] == "ResourceGroupNotFound"
    arm.put(GROUP, PLACE)
    assert arm.get(f"{GROUP}/resources")["value"] == []
    arm.put(VAULT, _vault(createMode="recover"))
    arm.put(SERVICE, _service(RESTORE))
    assert arm.send("GET", SECRET).status == 200


def test_past_its_date_a_deleted_vault_is_told_no_more_and_its_name_is_free(
    grouped: LocalArm, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_secret(grouped)
    _delete(grouped, VAULT)
    _next_year(monkeypatch)
    assert names(_told(grouped, DELETED_VAULTS)) == []
    assert grouped.send("GET", DELETED_VAULT, version=KEY_VAULT_VERSION).status == 404
    assert grouped.refusal("PUT", VAULT, _vault(createMode="recover"))[1] == "SoftDeletedVaultDoesNotExist"
    _replace_and_recover(grouped)


def test_a_clock_that_was_ahead_for_a_while_has_destroyed_nothing(grouped: LocalArm) -> None:
    _with_secret(grouped)
    _delete(grouped, VAULT)
    with pytest.MonkeyPatch.context() as wrong:
        _next_year(wrong)
        assert names(_told(grouped, DELETED_VAULTS)) == []
        assert grouped.send("POST", f"{DELETED_VAULT}/purge", version=KEY_VAULT_VERSION).status == 404
    assert names(_told(grouped, DELETED_VAULTS)) == ["kv-contoso"]
    grouped.put(VAULT, _vault(createMode="recover"))
    assert grouped.send("GET", SECRET).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", DELETED_SERVICE),
        ("POST", f"{DELETED_SERVICE}/purge"),
        ("DELETE", DELETED_VAULT),
        ("GET", f"{DELETED_VAULT}/purge"),
        ("DELETE", DELETED_VAULTS),
    ],
)
def test_other_requests_about_deleted_resources_are_refused(arm: LocalArm, method: str, path: str) -> None:
    _with_secret(arm)
    _delete(arm, GROUP)
    version = KEY_VAULT_VERSION if "KeyVault" in path else SERVICE_VERSION
    assert arm.refusal(method, path, version=version)[0] == 405


def test_deleted_resources_are_asked_for_in_a_version_that_there_is(arm: LocalArm) -> None:
    refused = arm.refusal("GET", DELETED_SERVICES, version="2016-10-10")
    assert refused[:2] == (400, "InvalidApiVersionParameter")
