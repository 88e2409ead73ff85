"""A copy of this repository, and what a person does in it: `./dev local`, `pulumi`, ARM requests."""

import json
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import httpx
from pydantic import JsonValue

from benchmarks import scratch


@dataclass(frozen=True)
class Clone(scratch.Scratch):
    """A copy of the repository whose failures fail the test."""

    def up(self) -> CompletedProcess[str]:
        """Deploy everything; a failure fails the test with what was printed."""
        done = self.laptop("up")
        assert done.returncode == 0, done.stdout + done.stderr + self.logs()
        return done

    def logs(self) -> str:
        return "\n".join(
            f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}"
            for log in sorted((self.root / ".local" / "logs").glob("*.log"))
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


def copy_repository(target: Path, *, installed: bool = True) -> Clone:
    """Copy the repository to `target`; `installed` lets it share this environment, so that nothing is installed."""
    copied = scratch.copy_repository(target, installed_too=installed)
    return Clone(copied.root, copied.port)
