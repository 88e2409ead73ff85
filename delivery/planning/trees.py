"""Trees of this repository: the one on disk, and those of git revisions, brought to disk to be read the same way."""

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from delivery.errors import DeliveryError


class RevisionError(DeliveryError):
    """A revision cannot be compared with; the sentence says why and what helps."""


def commit(root: Path, revision: str) -> str:
    """Return the full hash of the commit that `revision` names in the repository at `root`.

    Raises RevisionError when there is none.
    """
    _require_clone(root)
    # Peeled to a commit, and told to end its options: a revision that begins with a hyphen is none.
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode != 0:
        raise RevisionError(
            f'There is no revision "{revision}" in this clone. A shallow clone lacks older ones: '
            "`git fetch --unshallow`, or fetch the branch that you name."
        )
    return found.stdout.decode().strip()


def has(root: Path, revision: str) -> bool:
    """Tell whether the clone at `root` has a commit."""
    return _git(root, "cat-file", "-e", f"{revision}^{{commit}}").returncode == 0


def require_ancestor(root: Path, base: str, head: str = "HEAD") -> None:
    """Raise RevisionError unless `head` builds on `base`: else the comparison would show what others did, backwards."""
    commit(root, base)
    if _git(root, "merge-base", "--is-ancestor", base, head).returncode != 0:
        common = _git(root, "merge-base", base, head).stdout.decode().strip()
        advice = f"compare with where they part, --base {common[:12]}" if common else _no_common_history(root)
        raise RevisionError(f'The base "{base}" is no ancestor of {head}: {advice}.')


def fork(root: Path) -> str:
    """Return the commit at which HEAD left the default branch: that of the remote repository, or else `main`.

    Raises RevisionError where there is no such branch, or no such commit.
    """
    _require_clone(root)
    for branch in ("origin/HEAD", "origin/main", "main"):
        if _git(root, "rev-parse", "--verify", "--quiet", f"{branch}^{{commit}}").returncode == 0:
            common = _git(root, "merge-base", branch, "HEAD").stdout.decode().strip()
            if common:
                return common
            raise RevisionError(f"HEAD and {branch} have no commit in common: {_no_common_history(root)}.")
    raise RevisionError("There is neither origin/main nor main to compare with: name a revision with --base.")


def trailers(root: Path, base: str, key: str) -> tuple[str, ...]:
    """Return the values of a trailer in the messages of the commits from `base` to HEAD (git-interpret-trailers)."""
    told = _output(root, "log", f"--format=%(trailers:key={key},valueonly,unfold)", f"{base}..HEAD", "--")
    return tuple(line.strip() for line in told.decode(errors="replace").splitlines() if line.strip())


def is_ancestor(root: Path, revision: str, of: str) -> bool:
    """Tell whether the commit `of` builds on `revision`; False where this clone lacks one of them."""
    return _git(root, "merge-base", "--is-ancestor", "--end-of-options", revision, of).returncode == 0


def recordable(root: Path) -> str:
    """Return the commit that the tree on disk is; empty when it differs from its commit, or is in no clone."""
    is_clone = _git(root, "rev-parse", "--git-dir").returncode == 0
    return commit(root, "HEAD") if is_clone and not is_dirty(root) else ""


def is_dirty(root: Path) -> bool:
    """Tell whether the tree on disk differs from its commit: something is changed, or new and not ignored.

    Raises RevisionError when the folder is in no git repository.
    """
    _require_clone(root)
    # Whatever somebody has told git to leave out of what it shows (status.showUntrackedFiles, diff.ignoreSubmodules).
    everything = ("--untracked-files=normal", "--ignore-submodules=none")
    return bool(_output(root, "--no-optional-locks", "status", "--porcelain", *everything).strip())


def require_clean(root: Path) -> None:
    """Raise RevisionError when the tree on disk is not the one that its commit would be recorded as."""
    if is_dirty(root):
        raise RevisionError(
            "The tree has changes that are not committed (`git status` lists them), so no revision would say what was "
            "deployed: commit them, or put them aside with `git stash --include-untracked`."
        )


def blobs(root: Path, commit: str) -> dict[str, str]:
    """Return git's id of the content of each file of a commit, by its path from `root`."""
    listed = _output(root, "ls-tree", "-r", "-z", commit).decode(errors="surrogateescape")
    entries = (entry.split("\t", maxsplit=1) for entry in listed.split("\0") if entry)
    return {path: about.rsplit(" ", maxsplit=1)[1] for about, path in entries}


def blob(root: Path, identity: str) -> bytes:
    """Return the content that git knows by an id, which `blobs` gave."""
    return _output(root, "cat-file", "blob", identity)


@contextmanager
def exported(root: Path, revision: str) -> Iterator[Path]:
    """Give a folder with the files of `revision` until the block ends.

    Raises RevisionError when there is no such revision.
    """
    archive = _output(root, "archive", "--format=tar", commit(root, revision))
    with tempfile.TemporaryDirectory(prefix="model-gateway-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def _no_common_history(root: Path) -> str:
    if _output(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        return "this clone is shallow and lacks what they share, `git fetch --unshallow`"
    return "they share no history"


def _require_clone(root: Path) -> None:
    found = _git(root, "rev-parse", "--git-dir")
    if found.returncode != 0:
        raise RevisionError(f"{root} is no clone of a git repository that git reads: {_said(found)}")


def _output(root: Path, *arguments: str) -> bytes:
    """Return what git prints. Raises RevisionError in git's words when it fails, as where an object is missing."""
    done = _git(root, *arguments)
    if done.returncode != 0:
        raise RevisionError(f"`git {' '.join(arguments)}` failed in {root}: {_said(done)}")
    return done.stdout


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode(errors="replace").strip()


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(root), *arguments], check=False, capture_output=True)  # noqa: S603, S607 - git, found on PATH like every tool here
