"""A server that answers as a test says, and a port where none does."""

from collections.abc import Iterator

import pytest

from tests.support.replies import Replies, serving, unserved


@pytest.fixture
def replies() -> Iterator[Replies]:
    with serving() as kept:
        yield kept


@pytest.fixture
def nobody() -> str:
    return unserved()
