from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest

from local_azure.provider.names import Name, Proposal, generate

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_azure.metadata import ResourceType

_SEED = b"seed"


def test_a_top_level_resource_gets_a_random_suffix(resource: Callable[[str], ResourceType]) -> None:
    name = generate(resource("network:VirtualNetwork"), "vnet", _SEED, None)
    assert name is not None
    assert name.random
    assert re.fullmatch(r"vnet[0-9a-f]{8}", name.name)


def test_the_same_seed_gives_the_same_name_and_another_seed_another(
    resource: Callable[[str], ResourceType],
) -> None:
    kind = resource("network:VirtualNetwork")
    assert generate(kind, "vnet", _SEED, None) == generate(kind, "vnet", _SEED, None)
    assert generate(kind, "vnet", _SEED, None) != generate(kind, "vnet", b"other", None)


def test_a_child_is_called_by_its_logical_name(resource: Callable[[str], ResourceType]) -> None:
    assert generate(resource("apimanagement:Api"), "iris", _SEED, None) == Name("iris", random=False)


def test_a_role_assignment_is_called_by_a_uuid(resource: Callable[[str], ResourceType]) -> None:
    name = generate(resource("authorization:RoleAssignment"), "reader", _SEED, None)
    assert name is not None
    assert str(uuid.UUID(name.name)) == name.name


@pytest.mark.parametrize(
    ("token", "mode", "expected"),
    [
        ("apimanagement:Api", "propose", "contoso-iris"),
        ("apimanagement:Api", "enforce", "contoso-iris"),
        ("authorization:RoleAssignment", "enforce", "contoso-iris"),
    ],
)
def test_a_configured_name_is_taken(
    resource: Callable[[str], ResourceType], token: str, mode: str, expected: str
) -> None:
    proposal = Proposal("enforce" if mode == "enforce" else "propose", "contoso-iris")
    assert generate(resource(token), "iris", _SEED, proposal) == Name(expected, random=True)


def test_a_role_assignment_keeps_its_uuid_when_a_name_is_only_proposed(
    resource: Callable[[str], ResourceType],
) -> None:
    kind = resource("authorization:RoleAssignment")
    assert generate(kind, "r", _SEED, Proposal("propose", "x")) == generate(kind, "r", _SEED, None)


def test_disabled_auto_naming_gives_no_name(resource: Callable[[str], ResourceType]) -> None:
    assert generate(resource("apimanagement:Api"), "iris", _SEED, Proposal("disable", "")) is None
