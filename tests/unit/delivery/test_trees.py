"""Revisions of a git repository: what is compared with what, and what is refused."""

from pathlib import Path

import pytest

from delivery.planning import trees
from delivery.planning.trees import RevisionError
from tests.support import revisions
from tests.support.revisions import git


def commit(root: Path, text: str) -> str:
    (root / "file").write_text(text)
    return revisions.commit(root, text)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("first")
    revisions.initialise(tmp_path)
    commit(tmp_path, "second")
    return tmp_path


def test_a_revision_is_named_as_git_names_it(repository: Path) -> None:
    assert trees.commit(repository, "main~1") == git(repository, "rev-parse", "HEAD~1")


@pytest.mark.parametrize("name", ["gone", "", "--all", "HEAD:file"])
def test_a_revision_that_is_none_is_refused(repository: Path, name: str) -> None:
    with pytest.raises(
        RevisionError, match=f'There is no revision "{name}" in this clone.*git fetch --unshallow'
    ):
        trees.commit(repository, name)


def test_a_base_that_head_builds_on_is_taken(repository: Path) -> None:
    trees.require_ancestor(repository, "HEAD~1")


def test_a_base_on_another_branch_is_refused_with_where_they_part(repository: Path) -> None:
    parting = git(repository, "rev-parse", "HEAD~1")
    git(repository, "checkout", "--quiet", "-b", "other", "HEAD~1")
    commit(repository, "third")
    with pytest.raises(RevisionError, match=f'"main" is no ancestor of HEAD.*--base {parting[:12]}'):
        trees.require_ancestor(repository, "main")


def test_a_base_without_common_history_is_refused(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "other")
    commit(repository, "alone")
    with pytest.raises(RevisionError, match="they share no history"):
        trees.require_ancestor(repository, "main")


def test_a_shallow_clone_that_lacks_common_history_is_told_to_fetch_it(
    repository: Path, tmp_path: Path
) -> None:
    git(repository, "checkout", "--quiet", "-b", "other", "HEAD~1")
    commit(repository, "third")
    shallow = tmp_path / "shallow"
    origin = f"file://{repository}"
    git(
        tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=main", origin, str(shallow)
    )
    with pytest.raises(
        RevisionError, match="this clone is shallow and lacks what they share, `git fetch --unshallow`"
    ):
        trees.require_ancestor(shallow, "origin/other")


def test_a_base_that_does_not_exist_is_refused_as_such(repository: Path) -> None:
    with pytest.raises(RevisionError, match='There is no revision "gone"'):
        trees.require_ancestor(repository, "gone")


def test_a_committed_tree_is_clean(repository: Path) -> None:
    trees.require_clean(repository)


@pytest.mark.parametrize("file", ["file", "new"])
def test_a_tree_with_changes_is_not_recorded(repository: Path, file: str) -> None:
    (repository / file).write_text("changed")
    with pytest.raises(RevisionError, match="changes that are not committed"):
        trees.require_clean(repository)


def test_a_new_file_counts_where_git_is_told_not_to_show_any(repository: Path) -> None:
    git(repository, "config", "status.showUntrackedFiles", "no")
    (repository / "new").write_text("changed")
    with pytest.raises(RevisionError, match="changes that are not committed"):
        trees.require_clean(repository)


def test_a_folder_that_is_no_clone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        RevisionError, match="is no clone of a git repository that git reads: fatal: not a git repository"
    ):
        trees.is_dirty(tmp_path)


def test_the_files_of_a_revision_are_brought_to_disk_and_removed(repository: Path) -> None:
    with trees.exported(repository, "HEAD~1") as folder:
        assert (folder / "file").read_text() == "first"
    assert not folder.exists()


def test_the_contents_of_a_revision_are_read_by_git_s_ids(repository: Path) -> None:
    found = trees.blobs(repository, trees.commit(repository, "HEAD~1"))
    assert list(found) == ["file"]
    assert trees.blob(repository, found["file"]) == b"first"


def test_a_name_that_is_no_text_is_listed(repository: Path) -> None:
    (repository / "line\nbreak \t").write_text("x")
    assert "line\nbreak \t" in trees.blobs(repository, revisions.commit(repository))


def test_what_git_cannot_give_is_told_in_its_words(repository: Path) -> None:
    with pytest.raises(RevisionError, match=r"`git cat-file blob 0123` failed in .*: fatal: "):
        trees.blob(repository, "0123")
