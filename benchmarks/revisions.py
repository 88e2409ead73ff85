"""Makes a scratch copy a git repository, in which a pull request can be previewed."""

import os
import subprocess
from pathlib import Path

from benchmarks.errors import BenchmarkError

_AUTHOR = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@contoso.example")
# What a person has configured, such as signing, is no part of what is measured.
_ENVIRONMENT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def begin(root: Path) -> None:
    """Commit everything in the folder `root` as the first revision of a new repository."""
    _git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "Begin")


def commit(root: Path, subject: str) -> None:
    """Commit everything that has changed. Raises BenchmarkError when git fails."""
    _git(root, "add", "--all")
    _git(root, *_AUTHOR, "commit", "--quiet", "--message", subject)


def _git(root: Path, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - git, with arguments of this module
        ["git", *arguments],  # noqa: S607 - found on PATH, like every tool here
        cwd=root,
        env={**os.environ, **_ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchmarkError(f"`git {' '.join(arguments)}` failed in {root}: {done.stderr.strip()}")
