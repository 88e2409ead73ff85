"""Runs this repository's workflows on this machine, with act: https://nektosact.com.

What act does not honour is not seen here: permissions, concurrency, protection of environments, filters, timeouts.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import JsonValue, TypeAdapter

from tests.support.azures import Company
from tests.support.github import REPOSITORY, FakeGitHub
from tools import programs
from tools.workflows.rules.actions import read_table

ROOT = Path(__file__).resolve().parents[2]
_ACTIONS = ROOT / "tests" / "workflows" / "actions"
_PATIENCE_SECONDS = 540  # a minute on a machine that does nothing else; less than a test may take
_END_SECONDS = 20
_SUMMARY = "Summary - "


@dataclass(frozen=True)
class Ran:
    """One run of a workflow."""

    code: int
    jobs: Mapping[str, str]
    """`success` or `failure` by a job's name, in the order of their ends; a job that was skipped is not in it."""
    summaries: tuple[str, ...]
    """What the jobs show on the page of the run, in their order."""
    log: str
    """What the steps printed, as lines of `job | text`."""

    @classmethod
    def of(cls, code: int, printed: str) -> Self:
        """Read what `act --json` printed."""
        jobs, summaries, log = {}, [], []
        for entry in map(_entry, printed.splitlines()):
            job, message = str(entry.get("job", "")).strip(), str(entry["msg"]).rstrip()
            if "jobResult" in entry:
                jobs[job] = str(entry["jobResult"])
            if _SUMMARY in message:
                summaries.append(message.partition(_SUMMARY)[2])
            log.append(f"{job} | {message}")
        return cls(code, jobs, tuple(summaries), "\n".join(log))


@dataclass(frozen=True)
class Runner:
    """Runs workflows in a company's repository, with a GitHub on loopback."""

    company: Company
    github: FakeGitHub
    folder: Path
    """Of the stand-ins: logins and artifacts."""

    def prepare(self) -> None:
        """Write what the stand-ins read, and take out of the workflows what act does not know."""
        for workflow in (self.company.root / ".github" / "workflows").iterdir():
            # It honours no concurrency anyway, and refuses a key that GitHub has only had since May 2026.
            text = workflow.read_text(encoding="utf-8")
            workflow.write_text(text.replace("      queue: max\n", ""), encoding="utf-8")
        self.company.commit("Let act read the workflows")
        self.company.git("remote", "add", "origin", f"https://github.com/{REPOSITORY}")
        # The checkout asks for one commit, as it does of GitHub.
        self.company.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.folder.mkdir()
        for number, played in enumerate(self.company.played.values(), start=1):
            text = "".join(f"{name}={value}\n" for name, value in played.login.items())
            (self.folder / f"login-{_subscription(number)}").write_text(text)

    def run(self, event: str, payload: JsonValue, workflow: str, *options: str) -> Ran:
        """Run the jobs that an event starts in one workflow; jobs of others do not begin."""
        shutil.rmtree(self.folder / "artifacts", ignore_errors=True)
        (self.folder / "artifacts").mkdir()
        file = self.folder / "event.json"
        file.write_text(json.dumps(payload))
        command = [
            str(programs.ensure("act", lambda line: sys.stderr.write(f"{line}\n"))),
            *(event, "--eventpath", str(file), "--workflows", f".github/workflows/{workflow}.yml"),
            *("--platform", "ubuntu-latest=-self-hosted", "--json", "--no-skip-checkout"),
            *("--actor", "octocat", "--defaultbranch", "main", "--no-cache-server"),
            *("--env", f"GITHUB_API_URL={self.github.url}", "--var", "AZURE_CLIENT_ID=an-identity"),
            *("--secret", f"GITHUB_TOKEN={self.github.variables['GITHUB_TOKEN']}"),
            *(f"--local-repository={name}={folder}" for name, folder in _stand_ins().items()),
            *("--action-cache-path", str(self.folder / "act")),
            *options,
        ]
        log = self.folder / "act.log"
        code = _run(command, self.company.root, self._variables(), log)
        return Ran.of(code, log.read_text(errors="replace"))

    def logins(self) -> list[str]:
        """Return who logged in, oldest first: workflow, job and subscription."""
        file = self.folder / "logins"
        return file.read_text().splitlines() if file.is_file() else []

    def _variables(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PULUMI_", "GITHUB_", "NOX_"))
        }
        return {
            **kept,
            "NO_PROXY": "127.0.0.1",
            "TTY_COMPATIBLE": "0",  # act gives steps a terminal, GitHub does not
            "STAND_IN_FOLDER": str(self.folder),
            "STAND_IN_PYTHON": sys.executable,
            "STAND_IN_REPOSITORY": str(self.company.root),
            "STAND_IN_ROOT": str(ROOT),
        }


def _subscription(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012}"


def _stand_ins() -> dict[str, Path]:
    """Return the folder that meets each pinned action, by `owner/name@commit`."""
    met = {}
    for name, action in read_table().items():
        folder = _ACTIONS / name.rpartition("/")[2]
        if folder.is_dir():
            met[f"{name}@{action.commit}"] = folder
    return met


def _run(command: list[str], folder: Path, variables: dict[str, str], log: Path) -> int:
    """Run act; when it takes too long, interrupt it, which ends the steps that run: each has a session of its own."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return process.wait(timeout=_PATIENCE_SECONDS)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=_END_SECONDS)
            finally:
                process.kill()


def _entry(line: str) -> dict[str, JsonValue]:
    """Return one line of act's log; it prints others for people."""
    entry = json.loads(line) if line.startswith('{"') else {"msg": line}
    return TypeAdapter(dict[str, JsonValue]).validate_python(entry)
