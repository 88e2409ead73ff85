"""A copy of what this repository's stacks are made from, as a git repository of its own."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from shared.environments import REPOSITORY

_PARTS = ("shared", "stacks", "models", "environments", "requirements", "docs")
_IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@contoso.example", "-c", "commit.gpgsign=false")


def copy_sources(into: Path, parts: Iterable[str] = _PARTS) -> Path:
    """Copy what stacks are made from, and the documents, into the folder `into`; return it."""
    for part in parts:
        shutil.copytree(
            REPOSITORY / part, into / part, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.*.yaml")
        )
    return into


def git(root: Path, *arguments: str) -> str:
    """Run git in the folder `root`; return what it prints."""
    command = ["git", "-C", str(root), *_IDENTITY, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def initialise(root: Path) -> str:
    """Make the folder a repository with all its files in one commit; return the commit."""
    git(root, "init", "--quiet", "--initial-branch=main")
    return commit(root)


def commit(root: Path, message: str = "change") -> str:
    """Commit everything; return the commit."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(root, "rev-parse", "HEAD")


def append(root: Path, path: str, text: str = "\n# changed\n") -> None:
    """Add text to the end of a file, which is made where it is missing."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text() if file.exists() else "") + text)


def replace(root: Path, path: str, old: str, new: str) -> None:
    """Put `new` in the place of `old`, which must be there."""
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))
