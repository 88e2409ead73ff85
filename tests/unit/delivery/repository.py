"""A git repository with what a stack program reads, for tests of other trees."""

import shutil
import subprocess
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_AS_SOMEBODY = ("-c", "user.name=A. Tester", "-c", "user.email=tester@contoso.example")


def found(folder: Path) -> Path:
    """Make a repository in `folder` with this one's programs and models; return its root."""
    for part in ("environments", "models", "requirements", "shared", "stacks"):
        shutil.copytree(
            _ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.*.yaml")
        )
    (folder / ".venv").mkdir()
    (folder / ".gitignore").write_text(".venv\n__pycache__\n")
    _git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def commit(root: Path, subject: str = "Change") -> str:
    """Commit everything; return the revision."""
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--allow-empty", "--message", subject)
    return _git(root, "rev-parse", "HEAD")


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *_AS_SOMEBODY, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()
