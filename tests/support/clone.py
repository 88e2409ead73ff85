"""A copy of this repository, and what a person does in it: `./dev local`, `pulumi`, ARM requests."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import httpx
from pydantic import JsonValue

from benchmarks import scratch
from benchmarks.ports import free_block
from tests.support.small_disk import SmallDisk

# A part of `./dev local`, which a delivery presupposes.
_START_AZURE = """
from pathlib import Path
from laptop import servers
from laptop.layout import Layout
from laptop.ports import remembered
layout = Layout(Path.cwd())
servers.start_azure(layout, remembered(layout.run))
"""


@dataclass(frozen=True)
class Clone(scratch.Scratch):
    """A copy of the repository whose failures fail the test."""

    disk: SmallDisk | None = None
    """The small disk that it lies on, if it does."""

    @property
    def files(self) -> Path:
        """Where a test finds the files: processes on a small disk see them under another path."""
        return self.disk.seen(self.root) if self.disk else self.root

    def laptop(self, *arguments: str, timeout: float = 280) -> CompletedProcess[str]:
        """Run what `./dev local` and `./dev env` run."""
        started = self.start(*arguments, stderr=subprocess.PIPE)
        try:
            printed, told = started.communicate(timeout=timeout)
        except BaseException:
            os.killpg(started.pid, signal.SIGKILL)
            raise
        return CompletedProcess(started.args, started.returncode, printed, told)

    def start(self, *arguments: str, stderr: int = subprocess.STDOUT) -> "subprocess.Popen[str]":
        """Start what `./dev local` runs in a session of its own, as a terminal would."""
        return self._start([*self.laptop_command, *arguments], stderr)

    def start_delivery(self) -> "subprocess.Popen[str]":
        """Start what `./dev up --env local` runs, in a session of its own; the local Azure is started before."""
        subprocess.run(
            [sys.executable, "-c", _START_AZURE],
            cwd=self.root,
            env=self.laptop_environment,
            check=True,
            timeout=60,
        )
        command = [sys.executable, "-m", "laptop.delivering", "up", "--env", "local", "--all"]
        return self._start(command, subprocess.STDOUT)

    def _start(self, command: list[str], stderr: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.disk.command(self.root, command) if self.disk else command,
            cwd=None if self.disk else self.root,
            env=self.laptop_environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )

    def python(self, *arguments: str, timeout: float = 280) -> CompletedProcess[str]:
        """Run a program of the copy, as a session of `./dev` does."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self.laptop_environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def outside(self, script: str, **variables: str) -> CompletedProcess[str]:
        """Run what a person types into a shell, who has not entered the project's own environment."""
        return subprocess.run(
            ["/bin/sh", "-e", "-c", script],
            cwd=self.root,
            env={**_outside_variables(), "MODEL_GATEWAY_PORT": str(self.port), **variables},
            capture_output=True,
            text=True,
            timeout=290,
            check=False,
        )

    def commit(self, message: str) -> str:
        """Commit all files as they are, in a repository that is made; return the commit."""
        as_somebody = ("-c", "user.name=A. Tester", "-c", "user.email=tester@contoso.example")
        for command in (
            ("init", "--quiet"),
            ("add", "--all"),
            (*as_somebody, "commit", "--quiet", "-m", message),
        ):
            subprocess.run(["git", *command], cwd=self.root, check=True, capture_output=True)
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self.root, check=True, capture_output=True, text=True
        )
        return head.stdout.strip()

    def keep_one_model(self) -> None:
        """Leave one model: a second one would only make each of many runs longer."""
        shutil.rmtree(self.files / "models" / "iris-species")

    def up(self) -> CompletedProcess[str]:
        """Deploy everything; a failure fails the test with what was printed."""
        done = self.laptop("up")
        assert done.returncode == 0, done.stdout + done.stderr + self.logs()
        return done

    def logs(self) -> str:
        return "\n".join(
            f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}"
            for log in sorted((self.files / ".local" / "logs").glob("*.log"))
        )

    def outputs(self, project: str, stack: str) -> dict[str, JsonValue]:
        done = self.pulumi(project, "stack", "output", "--json", "-s", stack)
        assert done.returncode == 0, done.stderr
        outputs: dict[str, JsonValue] = json.loads(done.stdout)
        return outputs

    def arm(self, method: str, path: str, api_version: str, body: JsonValue = None) -> httpx.Response:
        """Send one ARM request as an operator would."""
        return httpx.request(
            method,
            f"{self.arm_url}{path}",
            params={"api-version": api_version},
            headers={"Authorization": "Bearer operator", "If-Match": "*"},
            json=body,
            timeout=30,
            trust_env=False,
        )


def copy_repository(target: Path, *, installed: bool = True, disk: SmallDisk | None = None) -> Clone:
    """Copy the repository to `target`; `installed` lets it share this environment, so that nothing is installed."""
    if disk is None:
        copied = scratch.copy_repository(target, installed_too=installed)
        return Clone(copied.root, copied.port)
    # The copy has no path there that this process knows: its environment is the linked one, told by PYTHONPATH.
    clone = Clone(target, free_block(), disk)
    scratch.copy_repository(clone.files, installed_too=False)
    if installed:
        (clone.files / ".venv").symlink_to(Path(sys.prefix))
    return clone


def _outside_variables() -> dict[str, str]:
    """Return the environment of a person who has not entered this project's own."""
    own = {"VIRTUAL_ENV", "PYTHONPATH", "NOX_CURRENT_SESSION"}
    variables = {name: value for name, value in os.environ.items() if name not in own}
    folders = [folder for folder in variables["PATH"].split(os.pathsep) if f"{os.sep}.venv" not in folder]
    return {**variables, "PATH": os.pathsep.join(folders)}
