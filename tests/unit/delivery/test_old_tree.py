"""The folder of then with the programs of today."""

from pathlib import Path

import pytest

from delivery.errors import DeliveryError
from delivery.planning.old_tree import old_tree, require_valid
from tests.unit.delivery import repository

_MODEL = "iris-species"
_DESCRIBED = f"models/{_MODEL}/model.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository.found(tmp_path_factory.mktemp("repository"))


def test_the_models_folder_is_of_then_and_all_else_of_today(root: Path) -> None:
    then = repository.commit(root)
    repository.edit(root, _DESCRIBED, "calls: 300", "calls: 3")
    repository.edit(root, "shared/errors.py", "class UserError", "# today\n\n\nclass UserError")
    with old_tree(root, _MODEL, then) as tree:
        assert "calls: 300" in (tree / _DESCRIBED).read_text()
        assert "# today" in (tree / "shared" / "errors.py").read_text()
        assert [folder.name for folder in (tree / "models").iterdir()] == [_MODEL]
        # A program's own library lies beside it, and so does its Python.
        assert (tree / "shared").resolve() == tree.resolve() / "shared"
        assert (tree / "stacks" / "model" / ".." / ".." / ".venv").resolve() == root / ".venv"
        require_valid(tree, _MODEL, "dev", then)
    assert not tree.exists()
    assert "calls: 3\n" in (root / _DESCRIBED).read_text(), "the tree on disk stays as it is"


def test_a_revision_without_the_folder_is_told(root: Path) -> None:
    then = repository.commit(root)
    with (
        pytest.raises(
            DeliveryError, match=f"models/other/ is not in {then[:12]}: name a revision that has it"
        ),
        old_tree(root, "other", then),
    ):
        pytest.fail("there is no tree")


def test_a_folder_that_does_not_fit_names_revision_file_and_key(root: Path) -> None:
    repository.edit(root, _DESCRIBED, "renewal-period", "renewal-seconds")
    then = repository.commit(root)
    repository.edit(root, _DESCRIBED, "renewal-seconds", "renewal-period")
    with old_tree(root, _MODEL, then) as tree, pytest.raises(DeliveryError) as raised:
        require_valid(tree, _MODEL, "dev", then)
    head, *problems, remedy = str(raised.value).splitlines()
    assert head == f"models/{_MODEL}/ of {then[:12]} does not fit the programs of today:"
    assert any("`limits.renewal-seconds` is not known" in problem for problem in problems)
    assert remedy.startswith("Name another revision")
