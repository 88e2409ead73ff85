"""Which stacks an operation is about, where some were rolled back and are held."""

from pathlib import Path

import pytest

from delivery import stacks
from delivery.planning.differences import EnvironmentPlan
from delivery.planning.inputs import Tree, own_digest
from delivery.records import Operation
from delivery.running.selection import selected
from delivery.running.wanted import Wanted
from delivery.tags import Deployed
from tests.support.revisions import append, commit, copy_sources, initialise, replace

IRIS, DIABETES = (stacks.model(name, "dev") for name in ("iris-species", "diabetes-progression"))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository whose last commit changed what all models share, and before it one model."""
    copy_sources(tmp_path)
    initialise(tmp_path)
    commit(tmp_path)
    replace(tmp_path, "models/iris-species/model.yaml", "calls: 300", "calls: 301")
    commit(tmp_path)
    append(tmp_path, "shared/model/api.py")
    commit(tmp_path)
    return tmp_path


def chosen(clone: Path, *models: str, operation: Operation) -> EnvironmentPlan:
    """Return what is chosen against the base, where iris-species was rolled back from what the tree has."""
    tree = Tree(clone)
    tags = {"inputs": "old", "held": own_digest(IRIS, tree.inputs("dev")[IRIS])}
    deployed = {IRIS: Deployed(IRIS, tags)}
    wanted = Wanted(operation, "dev", clone, models=models, base="HEAD~2")
    return selected(wanted, tree, deployed)


@pytest.mark.parametrize("operation", [Operation.PREVIEW, Operation.UP])
def test_a_held_model_stays_as_it_is_against_a_base_too(clone: Path, operation: Operation) -> None:
    found = chosen(clone, operation=operation)
    assert [each.stack for each in found.stacks] == [DIABETES]
    assert found.held == {IRIS}
    (note,) = found.notes
    assert note.startswith(f"{IRIS} was rolled back and is held")


def test_a_held_model_that_is_named_is_worked_on(clone: Path) -> None:
    found = chosen(clone, "iris-species", operation=Operation.UP)
    assert [each.stack for each in found.stacks] == [IRIS]
