"""A copy of this repository, and what a person does in it: `./dev local`, `pulumi`, ARM requests."""

import json
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

import httpx
from pydantic import JsonValue

_ROOT = Path(__file__).parents[2]
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".dev", ".local", ".nox", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info"
)
_BLOCK = 5


@dataclass(frozen=True)
class Clone:
    """A copy of the repository, and the first of the ports that its `./dev local` uses."""

    root: Path
    port: int

    @property
    def arm_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def laptop(self, *arguments: str, timeout: float = 280) -> "subprocess.CompletedProcess[str]":
        """Run what `./dev local` and `./dev env` run."""
        return subprocess.run(
            [sys.executable, "-m", "laptop", *arguments],
            cwd=self.root,
            env={**os.environ, "MODEL_GATEWAY_PORT": str(self.port), "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def up(self) -> "subprocess.CompletedProcess[str]":
        """Deploy everything; a failure fails the test with what was printed."""
        done = self.laptop("up")
        assert done.returncode == 0, done.stdout + done.stderr + self.logs()
        return done

    def logs(self) -> str:
        return "\n".join(
            f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}"
            for log in sorted((self.root / ".local" / "logs").glob("*.log"))
        )

    def variables(self) -> dict[str, str]:
        """Return what `./dev env local` prints, as somebody who evaluates it gets it."""
        return _printed_variables(self)

    def pulumi(self, project: str, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        """Run the Pulumi CLI in a stack's folder with the variables of `./dev env local`, and `changed` ones."""
        variables = {**os.environ, **self.variables(), "PYTHONPATH": str(self.root), **changed}
        return subprocess.run(
            [
                shutil.which("pulumi", path=variables["PATH"]) or "pulumi",
                *arguments,
                "--non-interactive",
                "--color=never",
            ],
            cwd=self.root / "stacks" / project,
            env=variables,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
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


@cache
def _printed_variables(clone: Clone) -> dict[str, str]:
    words = (shlex.split(line)[1].partition("=") for line in clone.laptop("env", "local").stdout.splitlines())
    return {name: value for name, _, value in words}


def _free_block() -> int:
    """Return the first of five consecutive free ports, below the range the system hands out by itself."""
    for _ in range(200):
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
    raise AssertionError("no five consecutive free ports found")


def copy_repository(target: Path, *, installed: bool = True) -> Clone:
    """Copy the repository to `target`; `installed` lets it share this environment, so that nothing is installed."""
    shutil.copytree(_ROOT, target, ignore=_LEFT_OUT)
    if installed:
        (target / ".venv").symlink_to(Path(sys.prefix))
    return Clone(target, _free_block())
