"""POST actions: keys told and made anew, secrets looked at again."""

import base64

import pytest

from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.json_values import JsonObject, find, text
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, LocalArm
from tests.unit.arm.test_key_vault import NAMED_VALUE, SECRET, URL, VAULT, VAULT_BODY

KEYS = f"{SERVICE}/subscriptions/smoke"
NAMES = ("primaryKey", "secondaryKey")
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/log-contoso"


def _keys(arm: LocalArm) -> dict[str, str]:
    told = arm.send("POST", f"{KEYS}/listSecrets").body
    return {name: text(told, name) for name in NAMES}


@pytest.mark.parametrize(("action", "changed"), [("regeneratePrimaryKey", 0), ("regenerateSecondaryKey", 1)])
def test_a_key_that_is_made_anew_is_the_gateways_from_then_on(
    arm: LocalArm, action: str, changed: int
) -> None:
    arm.put(KEYS, {"properties": {"displayName": "Smoke", "scope": "/apis", "state": "active"}})
    before, tag = _keys(arm), arm.send("HEAD", KEYS).headers["ETag"]
    gateway = GatewayConfiguration(arm.store)
    answer = arm.send("POST", f"{KEYS}/{action}")
    assert (answer.status, answer.body) == (204, None)
    (subscription,) = gateway.current()["apim-contoso"].service.subscriptions
    opening = (subscription.primary_key, subscription.secondary_key)
    assert opening == tuple(_keys(arm).values())
    assert opening[changed] not in {*before.values(), ""}
    assert opening[1 - changed] == before[NAMES[1 - changed]]
    assert arm.send("HEAD", KEYS).headers["ETag"] != tag


def test_a_secret_that_is_refreshed_is_looked_at_again(arm: LocalArm) -> None:
    arm.put(VAULT, VAULT_BODY)
    arm.put(SECRET, {"properties": {"value": "first"}})
    reference: JsonObject = {"secretIdentifier": URL}
    arm.put(NAMED_VALUE, {"properties": {"displayName": "model-key", "keyVault": reference, "secret": True}})
    looked = find(arm.get(NAMED_VALUE), "properties", "keyVault", "lastStatus", "timeStampUtc")
    arm.put(SECRET, {"properties": {"value": "second"}})
    answer = arm.send("POST", f"{NAMED_VALUE}/refreshSecret")
    assert (answer.status, answer.body) == (200, arm.get(NAMED_VALUE))
    assert text(answer.body, "properties", "keyVault", "lastStatus", "timeStampUtc") > str(looked)
    assert arm.send("POST", f"{NAMED_VALUE}/listValue").body == {"value": "second"}


def test_what_cannot_be_refreshed_is_refused(arm: LocalArm) -> None:
    arm.put(VAULT, VAULT_BODY)
    arm.put(SECRET, {"properties": {"value": "first"}})
    reference: JsonObject = {"secretIdentifier": URL}
    arm.put(NAMED_VALUE, {"properties": {"displayName": "model-key", "keyVault": reference, "secret": True}})
    arm.send("DELETE", VAULT)
    assert f"No secret is at '{URL}'" in arm.refusal("POST", f"{NAMED_VALUE}/refreshSecret")[2]
    plain = f"{SERVICE}/namedValues/limit"
    arm.put(plain, {"properties": {"displayName": "limit", "value": "10"}})
    assert "has no keyVault reference to refresh" in arm.refusal("POST", f"{plain}/refreshSecret")[2]


def test_a_workspace_tells_its_keys_on_request_alone(grouped: LocalArm) -> None:
    told = grouped.put(WORKSPACE, PLACE)
    keys = grouped.send("POST", f"{WORKSPACE}/sharedKeys").body or {}
    assert {len(base64.b64decode(str(key))) for key in keys.values()} == {64}
    assert not [key for key in keys.values() if str(key) in f"{told} {grouped.get(WORKSPACE)}"]
    grouped.put(WORKSPACE, PLACE)
    assert grouped.send("POST", f"{WORKSPACE}/SharedKeys").body == keys
    renewed = grouped.send("POST", f"{WORKSPACE}/regenerateSharedKey").body or {}
    assert set(renewed) == {"primarySharedKey", "secondarySharedKey"}
    assert not set(renewed.values()) & set(keys.values())
    assert grouped.send("POST", f"{WORKSPACE}/sharedKeys").body == renewed
