"""What is deployed is not replaced by something older."""

import subprocess
from pathlib import Path

import pytest

from delivery import stacks
from delivery.errors import DeliveryError
from delivery.running.forward import require_forward
from delivery.tags import UNCOMMITTED, Deployed

_AUTHOR = ("-c", "user.name=Tests", "-c", "user.email=tests@contoso.example")
_ELSEWHERE = "0123456789" * 4


def git(root: Path, *arguments: str) -> str:
    command = ["git", *_AUTHOR, *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with two commits, whose tree is the second."""
    git(tmp_path, "init", "--quiet")
    for subject in ("first", "second"):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", subject)
    return tmp_path


def deployed(revision: str) -> tuple[Deployed | None, ...]:
    return (
        None,
        Deployed(stacks.platform("dev"), {}),
        Deployed(stacks.foundation("dev"), {"revision": revision}),
    )


@pytest.mark.parametrize("name", ["HEAD", "HEAD~1"])
def test_what_is_deployed_is_replaced_by_the_same_or_something_newer(clone: Path, name: str) -> None:
    require_forward(clone, deployed(git(clone, "rev-parse", name)))


def test_a_tree_that_was_not_committed_is_no_commit_to_look_for(clone: Path) -> None:
    require_forward(clone, deployed(UNCOMMITTED))


@pytest.mark.parametrize("takes_all", [False, True])
def test_something_older_is_refused(clone: Path, *, takes_all: bool) -> None:
    newer = git(clone, "rev-parse", "HEAD")
    git(clone, "checkout", "--quiet", "HEAD~1")
    with pytest.raises(DeliveryError, match="An older commit is not deployed over a newer one"):
        require_forward(clone, deployed(newer), takes_all=takes_all)


def test_a_clone_that_lacks_what_is_deployed_may_be_older(clone: Path) -> None:
    with pytest.raises(DeliveryError, match="comes from 012345678901, which is not in this clone"):
        require_forward(clone, deployed(_ELSEWHERE))


def test_after_history_was_rewritten_every_stack_can_be_deployed(clone: Path) -> None:
    require_forward(clone, deployed(_ELSEWHERE), takes_all=True)
