"""The job that this process is a part of: its event, its run, and the files in which GitHub reads what it says."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from delivery import job_summary
from delivery.errors import DeliveryError

_OUTPUT = "GITHUB_OUTPUT"


@dataclass(frozen=True)
class Job:
    """One job of a run on GitHub, by the variables of its environment."""

    variables: Mapping[str, str]

    @property
    def run_url(self) -> str:
        """Where the run is shown; empty outside of GitHub."""
        server, name, run = (
            self.variables.get(each, "")
            for each in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
        )
        return f"{server}/{name}/actions/runs/{run}" if server and name and run else ""

    def pull_request(self) -> int:
        """Return the number of the pull request whose event started the run.

        Raises DeliveryError when another event did.
        """
        event = self._event()
        pull_request = event.get("pull_request")
        number = pull_request.get("number") if isinstance(pull_request, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            raise DeliveryError(
                "GITHUB_EVENT_PATH describes no pull request: comments are written by runs of the event pull_request."
            )
        return number

    def set_outputs(self, outputs: Mapping[str, str]) -> None:
        """Hand values to later steps and jobs, each under a name of its own.

        Raises DeliveryError outside of a job.
        """
        lines = []
        for name, value in outputs.items():
            # A value cannot end before its own end: nobody can guess what ends it.
            end = f"end-{secrets.token_hex(16)}"
            lines.append(f"{name}<<{end}\n{value}\n{end}\n")
        named = self.variables.get(_OUTPUT)
        if not named:
            raise _outside(_OUTPUT)
        with Path(named).open("a", encoding="utf-8") as file:
            file.write("".join(lines))

    def summarize(self, markdown: str) -> None:
        """Show Markdown on the page of the run. Raises DeliveryError outside of a job."""
        if not job_summary.append(markdown, self.variables):
            raise _outside(job_summary.VARIABLE)

    def _event(self) -> Mapping[str, JsonValue]:
        named = self.variables.get("GITHUB_EVENT_PATH", "")
        try:
            event: JsonValue = json.loads(Path(named).read_bytes()) if named else None
        except (OSError, ValueError) as error:
            raise DeliveryError(f"GITHUB_EVENT_PATH: {named} cannot be read as JSON ({error}).") from error
        if not isinstance(event, dict):
            raise DeliveryError(
                "GITHUB_EVENT_PATH names no event: this command is for the jobs of workflows on GitHub."
            )
        return event


def _outside(variable: str) -> DeliveryError:
    return DeliveryError(f"{variable} is not set: this command is for the jobs of workflows on GitHub.")
