"""Where a rollback goes, and what it holds back."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from delivery import stacks
from delivery.errors import DeliveryError
from delivery.planning.inputs import Inputs, Tree, own_digest
from delivery.rollback.choice import destination, held_back, require_difference, tags_after
from delivery.tags import UNCOMMITTED, UNDER_WAY, Deployed
from tests.unit.delivery import repository

_STACK = stacks.model("iris-species", "dev")
_DESCRIBED = "models/iris-species/model.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository.found(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def good(root: Path) -> str:
    return repository.commit(root, "Release well")


@pytest.fixture(scope="module")
def bad(root: Path, good: str) -> str:
    assert good
    repository.edit(root, _DESCRIBED, "calls: 300", "calls: 3")
    return repository.commit(root, "Release badly")


@pytest.fixture(scope="module")
def head(root: Path, bad: str) -> str:
    assert bad
    repository.edit(root, _DESCRIBED, "calls: 3\n", "calls: 30\n")
    return repository.commit(root, "Try to mend it")


def _deployed(tags: Mapping[str, str]) -> Deployed:
    return Deployed(_STACK, tags)


def _folder(root: Path, revision: str) -> str:
    inputs = Tree.at(root, revision).of(_STACK)
    assert inputs is not None
    return own_digest(_STACK, inputs)


def _held(root: Path, tags: Mapping[str, str]) -> str:
    return held_back(_deployed(tags), Tree(root), lambda commit: Tree.at(root, commit))


def test_the_default_is_what_was_deployed_before(root: Path, good: str, bad: str) -> None:
    tags = {"revision": bad, "previous-revision": good, "inputs": "x"}
    assert destination(root, _deployed(tags), None) == good


def test_after_an_update_that_failed_it_is_what_was_deployed_to_its_end(
    root: Path, good: str, bad: str
) -> None:
    tags = {"revision": bad, "previous-revision": good, "inputs": UNDER_WAY}
    assert destination(root, _deployed(tags), None) == bad


def test_after_a_rollback_that_was_cut_off_it_is_the_same_again(root: Path, good: str, bad: str) -> None:
    tags = {"revision": bad, "previous-revision": good, "inputs": UNDER_WAY, "held": "the bad one"}
    assert destination(root, _deployed(tags), None) == good
    assert _held(root, tags) == "the bad one"


def test_a_named_revision_goes_before(root: Path, good: str, bad: str) -> None:
    tags = {"revision": bad, "previous-revision": good, "inputs": "x"}
    assert destination(root, _deployed(tags), bad[:10]) == bad


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"revision": "a" * 40, "inputs": "x"}, "was deployed from no other revision than aaaaaaaaaaaa"),
        ({}, "has no tag that tells what was deployed before"),
        ({"revision": "a" * 40, "held": "x"}, "was rolled back already"),
        ({"revision": "a" * 40, "previous-revision": UNCOMMITTED}, "from a tree that was not committed"),
        ({"revision": "a" * 40, "previous-revision": "b" * 40}, 'There is no revision "bbbbbbbb'),
    ],
)
def test_a_stack_that_does_not_tell_wants_a_revision(root: Path, tags: dict[str, str], told: str) -> None:
    with pytest.raises(DeliveryError, match=told):
        destination(root, _deployed(tags), None)


def test_the_bad_release_is_held_back_and_not_a_mended_one(root: Path, bad: str, head: str) -> None:
    held = _held(root, {"revision": bad, "inputs": "x"})
    assert held == _folder(root, bad)
    assert held != _folder(root, head)


def test_going_back_once_more_holds_the_same_back(root: Path, good: str) -> None:
    assert _held(root, {"revision": good, "inputs": "x", "held": "the first"}) == "the first"


@pytest.mark.parametrize("change", [{"inputs": UNDER_WAY}, {"revision": UNCOMMITTED}, {"revision": None}])
def test_where_no_revision_tells_what_is_bad_it_is_the_tree_of_today(
    root: Path, good: str, head: str, change: dict[str, str | None]
) -> None:
    tags = {name: value for name, value in {"revision": good, "inputs": "x", **change}.items() if value}
    assert _held(root, tags) == _folder(root, head)


def test_going_back_to_the_same_folder_is_refused(root: Path, good: str, bad: str) -> None:
    held = _folder(root, bad)
    with pytest.raises(DeliveryError, match="is the same in"):
        require_difference(_deployed({}), held, Tree.at(root, bad), bad)
    require_difference(_deployed({}), held, Tree.at(root, good), good)


def test_afterwards_the_stack_says_what_is_deployed_and_forgets_the_bad_release(good: str, bad: str) -> None:
    inputs = Inputs({"models/iris-species/model.yaml": "m", "shared/errors.py": "s"})
    tags = tags_after(
        _deployed({"revision": bad, "previous-revision": good, "inputs": "x"}), good, inputs, "z"
    )
    assert tags.first == {"held": "z"}
    assert tags.values == {"revision": good, "folder": own_digest(_STACK, inputs), "inputs": inputs.digest}
    assert list(tags.values)[-1] == "inputs", "it says that the others are there"
    assert (tags.removed, tags.takes_back_inputs) == (("previous-revision",), True)
    assert tags_after(_deployed({"revision": bad}), good, inputs, "z").removed == ()
