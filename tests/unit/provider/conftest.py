"""Fixtures for the provider's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.metadata import load
from tests.unit.provider.fake_arm import FakeArm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local_azure.metadata import ResourceType


@pytest.fixture
def arm() -> Iterator[FakeArm]:
    with FakeArm() as server:
        yield server


@pytest.fixture(scope="session")
def resource() -> Callable[[str], ResourceType]:
    """Returns a resource type by `module:Name`."""
    return lambda name: load().resources[f"azure-native:{name}"]
