"""A copy of this repository in which the real engine deploys to a local Azure on free ports."""

from collections.abc import Iterator

import pytest

from tests.support.clone import Clone, copy_repository


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A copy with nothing deployed; what a test starts in it is ended."""
    copied = copy_repository(tmp_path_factory.mktemp("clone") / "repository")
    yield copied
    copied.laptop("down")


@pytest.fixture(scope="module")
def deployed(clone: Clone) -> Clone:
    """A copy in which `./dev local` has deployed everything."""
    clone.up()
    return clone


@pytest.fixture(scope="module")
def one_model(clone: Clone) -> Clone:
    """A copy with one model, in which `./dev local` has deployed everything."""
    clone.keep_one_model()
    clone.up()
    return clone
