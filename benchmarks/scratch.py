"""A copy of this repository to try things in, on ports of its own: the user's own state is never touched."""

import os
import random
import shlex
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks import installed
from benchmarks.errors import BenchmarkError

ROOT = Path(__file__).resolve().parents[1]
"""This repository."""

# What .gitignore names, and the history itself.
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".dev", ".local*", ".nox", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info",
    "Pulumi.*.*.yaml",
)  # fmt: skip
_BLOCK = 5
_TRIES = 200
_PATIENCE_SECONDS = 280  # less than a test may take, so that what was started is ended


@dataclass(frozen=True)
class Scratch:
    """A copy of the repository, and the first of the ports that its `./dev local` uses."""

    root: Path
    port: int

    @property
    def arm_url(self) -> str:
        """Base URL of its local ARM."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def gateway_url(self) -> str:
        """Base URL of its gateway."""
        return f"http://127.0.0.1:{self.port + 1}"

    def laptop(
        self, *arguments: str, timeout: float = _PATIENCE_SECONDS
    ) -> "subprocess.CompletedProcess[str]":
        """Run what `./dev local` and `./dev env` run."""
        return subprocess.run(  # noqa: S603 - the project's own program
            [sys.executable, "-m", "laptop", *arguments],
            cwd=self.root,
            env={**os.environ, "MODEL_GATEWAY_PORT": str(self.port), "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def variables(self) -> dict[str, str]:
        """Return what `./dev env local` prints, as somebody who evaluates it gets it."""
        return _printed_variables(self)

    def pulumi(self, project: str, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        """Run the Pulumi CLI in a stack's folder with the variables of `./dev env local`, and `changed` ones."""
        variables = {**os.environ, **self.variables(), "PYTHONPATH": str(self.root), **changed}
        program = shutil.which("pulumi", path=variables["PATH"]) or "pulumi"
        return subprocess.run(  # noqa: S603 - the project's own tool chain
            [program, *arguments, "--non-interactive", "--color=never"],
            cwd=self.root / "stacks" / project,
            env=variables,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )


@cache
def _printed_variables(scratch: Scratch) -> dict[str, str]:
    done = scratch.laptop("env", "local")
    if done.returncode != 0:
        raise BenchmarkError(
            f"./dev env local failed in {scratch.root}: mend it first.\n{done.stderr.strip()}"
        )
    words = (shlex.split(line)[1].partition("=") for line in done.stdout.splitlines())
    return {name: value for name, _, value in words}


def copy_repository(target: Path, *, installed_too: bool = True) -> Scratch:
    """Copy the files that are or could be committed to `target`, a folder that is empty or does not exist.

    `installed_too` lets the copy share this repository's environments, so that nothing is installed there.
    """
    shutil.copytree(ROOT, target, ignore=_LEFT_OUT, dirs_exist_ok=True)
    if installed_too:
        installed.share(ROOT, target)
    return Scratch(target, free_block())


def free_block() -> int:
    """Return the first of five consecutive free ports, below the range the system hands out by itself.

    Raises BenchmarkError when none are found.
    """
    for _ in range(_TRIES):
        base = random.randrange(10_000, 30_000, _BLOCK)  # noqa: S311 - no secret
        sockets = []
        try:
            for port in range(base, base + _BLOCK):
                sockets.append(socket.create_server(("127.0.0.1", port)))  # noqa: PERF401 - each must be closed
        except OSError:
            continue
        finally:
            for opened in sockets:
                opened.close()
        return base
    raise BenchmarkError("No five consecutive free ports were found on 127.0.0.1: end what listens there.")
