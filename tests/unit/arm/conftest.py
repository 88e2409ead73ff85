"""A local Azure in a temporary folder, empty or with one API Management service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, LocalArm, open_store


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[LocalArm]:
    """Nothing is there."""
    opened = open_store(tmp_path / "state")
    yield opened
    opened.store.close()


@pytest.fixture
def grouped(empty: LocalArm) -> LocalArm:
    """A resource group is there."""
    empty.put(GROUP, PLACE)
    return empty


@pytest.fixture
def arm(grouped: LocalArm) -> LocalArm:
    """A service is there."""
    grouped.put(SERVICE, SERVICE_BODY)
    return grouped
