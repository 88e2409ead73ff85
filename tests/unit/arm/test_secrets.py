"""No answer but those of POST actions holds a secret, whatever type of resource it was written into."""

import re
from collections.abc import Iterator, Mapping

import pytest

from local_azure.arm.json_values import JsonObject
from local_azure.metadata import Metadata, Property, Type, load
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, LocalArm

HUSH = "hush-hush-hush"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
CERTIFICATE: JsonObject = {"encodedCertificate": HUSH, "certificatePassword": HUSH}
SERVICE_PROPERTIES: JsonObject = {
    "publisherEmail": "platform@contoso.example",
    "publisherName": "Contoso",
    "certificates": [{"storeName": "Root", **CERTIFICATE}],
    "hostnameConfigurations": [{"type": "Proxy", "hostName": "api.contoso.example", **CERTIFICATE}],
}

CASES: dict[str, tuple[str, JsonObject]] = {
    "Microsoft.ApiManagement/service": (SERVICE, SERVICE_BODY | {"properties": SERVICE_PROPERTIES}),
    "Microsoft.ApiManagement/service/loggers": (
        f"{SERVICE}/loggers/insights",
        {"properties": {"loggerType": "applicationInsights", "credentials": {"instrumentationKey": HUSH}}},
    ),
    "Microsoft.ApiManagement/service/namedValues": (
        f"{SERVICE}/namedValues/token",
        {"properties": {"displayName": "token", "value": HUSH, "secret": True}},
    ),
    "Microsoft.ApiManagement/service/subscriptions": (
        f"{SERVICE}/subscriptions/smoke",
        {
            "properties": {
                "displayName": "Smoke",
                "scope": "/apis",
                "primaryKey": HUSH,
                "secondaryKey": f"{HUSH}-2",
            }
        },
    ),
    "Microsoft.KeyVault/vaults/secrets": (f"{VAULT}/secrets/token", {"properties": {"value": HUSH}}),
}
"""By type, for each that has secrets: where one is, and a body with a secret in every place."""

TOLD = {
    # The REST reference shows the answers with them: see "Create Or Update" of backends.
    "Microsoft.ApiManagement/service/backends": {"credentials", "password"},
}


@pytest.mark.parametrize("name", CASES)
def test_no_answer_holds_a_secret(arm: LocalArm, name: str) -> None:
    arm.put(
        VAULT,
        PLACE
        | {
            "properties": {
                "tenantId": "00000000-0000-0000-0000-000000000000",
                "sku": {"family": "A", "name": "standard"},
            }
        },
    )
    path, body = CASES[name]
    assert HUSH in str(body)
    told = arm.put(path, body)
    answers = [
        told,
        arm.put(path, body),
        arm.get(path),
        arm.get(path.rpartition("/")[0]),
        arm.send("PATCH", path, {"properties": body["properties"]}).body,
        arm.put(path, body | told | {"properties": body["properties"]}),
        arm.get(f"{GROUP}/resources"),
        arm.send("DELETE", path).body,
    ]
    assert HUSH not in str(answers)


def test_every_type_that_has_secrets_is_among_these() -> None:
    metadata = load()
    found = {
        resource.arm_type
        for resource in metadata.resources.values()
        for name in _names(metadata, resource.inputs, frozenset())
        if name not in TOLD.get(resource.arm_type, ())
        and re.search(r"(?i)password|encodedCertificate|primaryKey|secondaryKey|credentials$", name)
    }
    valued = {"Microsoft.ApiManagement/service/namedValues", "Microsoft.KeyVault/vaults/secrets"}
    assert found | valued == set(CASES)


def _names(metadata: Metadata, properties: Mapping[str, Property], seen: frozenset[str]) -> Iterator[str]:
    for prop in properties.values():
        yield prop.name
        kind: Type | None = prop.type
        while kind is not None and kind.element is not None:
            kind = kind.element
        if kind is not None and kind.kind == "object" and kind.name is not None and kind.name not in seen:
            yield from _names(metadata, metadata.properties(kind), seen | {kind.name})
