"""How many stacks are worked on at once."""

import os
from pathlib import Path

import pytest

from delivery.planning.inputs import Tree
from delivery.records import Operation
from delivery.running.orders import Maker
from delivery.running.wanted import Wanted
from delivery.state import Copied
from tests.unit.delivery.repository import commit, edit, found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = found(tmp_path_factory.mktemp("repository"))
    edit(made, "environments/prod.yaml", "parallel: 8", "parallel: 3")
    edit(made, "environments/staging.yaml", "parallel: 8\n", "")
    commit(made)
    return made


@pytest.mark.parametrize(
    ("operation", "environment", "asked", "limit"),
    [
        (Operation.UP, "dev", None, 8),
        (Operation.UP, "prod", None, 3),
        (Operation.DESTROY, "prod", None, 3),
        (Operation.UP, "staging", None, 4),
        (Operation.UP, "prod", 20, 20),
        (Operation.PREVIEW, "prod", None, os.cpu_count()),
        (Operation.PREVIEW, "prod", 5, 5),
    ],
)
def test_each_environment_has_its_own_limit_unless_somebody_names_one(
    root: Path, operation: Operation, environment: str, asked: int | None, limit: int
) -> None:
    wanted = Wanted(operation, environment, root / ".delivery", parallel=asked)
    assert Maker(wanted, Tree(root), Copied(root / "state", {})).order({}).limit == limit
