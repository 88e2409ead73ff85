"""A copy of this repository to try things in, on ports of its own: the user's own state is never touched."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks import installed
from benchmarks.errors import BenchmarkError
from benchmarks.ports import free_block
from laptop.ports import Ports

ROOT = Path(__file__).resolve().parents[1]
"""This repository."""

# What .gitignore names, and the history itself.
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".dev", ".local*", ".nox", ".*_cache", ".hypothesis", ".delivery", "__pycache__", "*.egg-info",
    "Pulumi.*.*.yaml",
)  # fmt: skip
_PATIENCE_SECONDS = 280  # less than a test may take, so that what was started is ended


@dataclass(frozen=True)
class Scratch:
    """A copy of the repository, and the first of the ports that its `./dev local` uses."""

    root: Path
    port: int

    @property
    def ports(self) -> Ports:
        """Where its servers answer."""
        return Ports(self.port)

    @property
    def arm_url(self) -> str:
        """Base URL of its local ARM."""
        return self.ports.arm_url

    @property
    def gateway_url(self) -> str:
        """Base URL of its gateway."""
        return self.ports.gateway_url

    @property
    def laptop_command(self) -> list[str]:
        """What `./dev local` becomes."""
        return [sys.executable, "-m", "laptop"]

    @property
    def laptop_environment(self) -> dict[str, str]:
        """The environment in which the copy's own `laptop` runs, on the copy's own ports."""
        return {**os.environ, "MODEL_GATEWAY_PORT": str(self.port), "PYTHONPATH": str(self.root)}

    def laptop(
        self, *arguments: str, timeout: float = _PATIENCE_SECONDS
    ) -> "subprocess.CompletedProcess[str]":
        """Run what `./dev local` and `./dev env` run."""
        return subprocess.run(  # noqa: S603 - the project's own program
            [*self.laptop_command, *arguments],
            cwd=self.root,
            env=self.laptop_environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def variables(self) -> dict[str, str]:
        """Return what `./dev env local` prints, as somebody who evaluates it gets it."""
        return _printed_variables(self)

    def engine_environment(self) -> dict[str, str]:
        """Return the environment in which `pulumi` deploys the copy to its local Azure."""
        return {**os.environ, **self.variables(), "PYTHONPATH": str(self.root)}

    def pulumi_command(self, *arguments: str) -> list[str]:
        """Return a command of the Pulumi CLI of `./dev env local`."""
        program = shutil.which("pulumi", path=self.variables()["PATH"]) or "pulumi"
        return [program, *arguments, "--non-interactive", "--color=never"]

    def pulumi(self, project: str, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        """Run the Pulumi CLI in a stack's folder with the variables of `./dev env local`, and `changed` ones."""
        return subprocess.run(  # noqa: S603 - the project's own tool chain
            self.pulumi_command(*arguments),
            cwd=self.root / "stacks" / project,
            env={**self.engine_environment(), **changed},
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
