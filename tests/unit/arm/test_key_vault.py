"""Vaults, their secrets, and the named values that refer to them."""

from local_azure.arm.json_values import JsonObject, find, text
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, SUBSCRIPTION, LocalArm

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
SECRET = f"{VAULT}/secrets/model-key"
URL = "https://kv-contoso.vault.azure.net/secrets/model-key"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-gateway"
NAMED_VALUE = f"{SERVICE}/namedValues/model-key"
VAULT_BODY: JsonObject = {
    "location": "westeurope",
    "properties": {
        "tenantId": "00000000-0000-0000-0000-000000000000",
        "sku": {"family": "A", "name": "standard"},
    },
}


def _value(value: str) -> JsonObject:
    return {"properties": {"value": value}}


def _reference(url: str = URL, client_id: str | None = None) -> JsonObject:
    key_vault: JsonObject = {"secretIdentifier": url}
    if client_id is not None:
        key_vault["identityClientId"] = client_id
    return {"properties": {"displayName": "model-key", "keyVault": key_vault, "secret": True}}


def _with_secret(arm: LocalArm, value: str = "first") -> LocalArm:
    arm.put(VAULT, VAULT_BODY)
    arm.put(SECRET, _value(value))
    return arm


def test_a_vault_has_an_address_and_a_name_of_its_own(grouped: LocalArm) -> None:
    told = grouped.put(VAULT, VAULT_BODY)
    assert find(told, "properties", "vaultUri") == "https://kv-contoso.vault.azure.net/"
    other = f"{SUBSCRIPTION}/resourceGroups/rg-fabrikam"
    grouped.put(other, PLACE)
    refused = grouped.refusal("PUT", f"{other}/providers/Microsoft.KeyVault/vaults/KV-contoso", VAULT_BODY)
    assert refused[:2] == (409, "VaultAlreadyExists")


def test_no_answer_holds_the_value_of_a_secret(grouped: LocalArm) -> None:
    _with_secret(grouped)
    answers = [
        grouped.put(SECRET, _value("second")),
        grouped.get(SECRET),
        grouped.get(f"{VAULT}/secrets"),
        grouped.send("PATCH", SECRET, _value("third")).body,
    ]
    assert not any(word in str(answers) for word in ("first", "second", "third"))
    entity = grouped.store.get(SECRET)
    assert entity is not None
    assert entity.secrets == {"value": "third"}


def test_a_secret_tells_its_addresses_and_moments(grouped: LocalArm) -> None:
    told = _with_secret(grouped).get(SECRET)
    assert find(told, "properties", "secretUri") == URL
    assert text(told, "properties", "secretUriWithVersion").startswith(f"{URL}/")
    moment = find(told, "properties", "attributes", "created")
    assert isinstance(moment, int)
    assert find(told, "properties", "attributes", "enabled") is True


def test_a_write_without_a_value_keeps_the_one_that_is_there(grouped: LocalArm) -> None:
    _with_secret(grouped).put(SECRET, {"properties": {"contentType": "text/plain"}})
    entity = grouped.store.get(SECRET)
    assert entity is not None
    assert entity.secrets == {"value": "first"}
    refused = grouped.refusal("PUT", f"{VAULT}/secrets/other", {"properties": {}})
    assert refused == (400, "BadRequest", "The secret 'other' needs a value.")


def test_resource_manager_cannot_delete_a_secret(grouped: LocalArm) -> None:
    _with_secret(grouped)
    assert grouped.refusal("DELETE", SECRET)[0] == 405


def test_a_reference_follows_the_secret(arm: LocalArm) -> None:
    _with_secret(arm).put(NAMED_VALUE, _reference())
    arm.put(SECRET, _value("second"))
    assert arm.send("POST", f"{NAMED_VALUE}/listValue").body == {"value": "second"}
    told = arm.get(NAMED_VALUE)
    assert find(told, "properties", "keyVault", "lastStatus", "code") == "Success"
    assert find(told, "properties", "value") is None


def test_a_reference_is_refused_when_a_policy_could_not_run_with_its_secret(arm: LocalArm) -> None:
    _with_secret(arm, "no-number")
    arm.put(NAMED_VALUE, {"properties": {"displayName": "model-key", "value": "1"}})
    statement = '<rate-limit-by-key calls="{{model-key}}" renewal-period="60" counter-key="all" />'
    document = f"<policies><inbound>{statement}</inbound></policies>"
    arm.put(f"{SERVICE}/policies/policy", {"properties": {"value": document}})
    sentence = arm.refusal("PUT", NAMED_VALUE, _reference())[2]
    assert "could not run with it" in sentence
    assert "no-number" not in sentence


def test_a_reference_to_one_version_is_taken(arm: LocalArm) -> None:
    version = text(_with_secret(arm).get(SECRET), "properties", "secretUriWithVersion")
    arm.put(NAMED_VALUE, _reference(version))
    assert arm.send("POST", f"{NAMED_VALUE}/listValue").body == {"value": "first"}


def test_a_reference_needs_the_secret(arm: LocalArm) -> None:
    status, code, sentence = arm.refusal("PUT", NAMED_VALUE, _reference())
    assert (status, code) == (400, "ValidationError")
    assert f"No secret is at '{URL}'" in sentence


def test_a_reference_needs_an_identity_that_the_service_has(arm: LocalArm) -> None:
    _with_secret(arm)
    client_id = text(arm.put(IDENTITY, PLACE), "properties", "clientId")
    assert "is the client id of no identity" in arm.refusal("PUT", NAMED_VALUE, _reference(URL, client_id))[2]
    identity: JsonObject = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    arm.put(SERVICE, SERVICE_BODY | {"identity": identity})
    arm.put(NAMED_VALUE, _reference(URL, client_id))


def test_a_service_needs_the_identities_that_it_names(arm: LocalArm) -> None:
    identity: JsonObject = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    refused = arm.refusal("PUT", SERVICE, SERVICE_BODY | {"identity": identity})
    assert refused[:2] == (400, "FailedIdentityOperation")


def test_an_identity_of_the_system_gets_a_principal(arm: LocalArm) -> None:
    told = arm.put(SERVICE, SERVICE_BODY | {"identity": {"type": "SystemAssigned"}})
    assert text(told, "identity", "principalId")
    assert text(told, "identity", "tenantId")
