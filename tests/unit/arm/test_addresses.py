"""What paths address."""

import pytest

from local_azure.arm.addresses import RESOURCE_GROUP, SUBSCRIPTION, Address, parse

S = "/subscriptions/s"
G = f"{S}/resourceGroups/g"
V = f"{G}/providers/Microsoft.KeyVault/vaults/v"


@pytest.mark.parametrize(
    ("path", "resource_type", "name"),
    [
        ("/subscriptions", SUBSCRIPTION, None),
        (S, SUBSCRIPTION, "s"),
        (f"{S}/RESOURCEGROUPS", RESOURCE_GROUP, None),
        (f"{S}/resourcegroups/g", RESOURCE_GROUP, "g"),
        (f"{S}/providers", "Microsoft.Resources/providers", None),
        (f"{S}/providers/Microsoft.KeyVault", "Microsoft.Resources/providers", "Microsoft.KeyVault"),
        (f"{S}/providers/Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults", None),
        (f"{G}/resources", "Microsoft.Resources/resources", None),
        (f"{G}/providers/Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults", None),
        (V, "Microsoft.KeyVault/vaults", "v"),
        (f"{V}/secrets", "Microsoft.KeyVault/vaults/secrets", None),
        (f"{V}/secrets/x", "Microsoft.KeyVault/vaults/secrets", "x"),
        (
            f"{V}/providers/Microsoft.Authorization/roleAssignments/r",
            "Microsoft.Authorization/roleAssignments",
            "r",
        ),
    ],
)
def test_a_path_is_read(path: str, resource_type: str, name: str | None) -> None:
    address = parse(path)
    assert address is not None
    assert (address.type, address.name) == (resource_type, name)
    assert address.key == path.lower()


@pytest.mark.parametrize("path", ["/", "/tenants", "/subscriptions//resourceGroups", f"{G}//x"])
def test_a_path_that_addresses_nothing_is_none(path: str) -> None:
    assert parse(path) is None


def test_an_extension_lies_below_the_resource_it_extends() -> None:
    address = parse(f"{V}/providers/Microsoft.Authorization/roleAssignments/r")
    assert address is not None
    assert address.parent == parse(V)
    assert address.resource_group == Address(parse(S), RESOURCE_GROUP, "g")
