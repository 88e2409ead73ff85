"""Every step of a workflow calls a session that exists, with a command line that it understands."""

import re
import shlex
from pathlib import Path

import pytest

from delivery import command
from tools import bootstrap
from tools.workflows.documents import read_all, scalar

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = sorted(
    {
        scalar(step["run"])
        for document in read_all(ROOT)
        for step in document.steps
        if scalar(step.get("run")).startswith("./dev ")
    }
)
ELSEWHERE = {"lint", "test", "workflows"}
"""Sessions that are no commands of a delivery."""
VALUES = {"ENVIRONMENT": "dev", "SHARD": "1/2", "MODEL": "iris-species", "CONFIRMED": "iris-species.dev"}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_step_is_understood(line: str) -> None:
    filled = re.sub(r"\$([A-Z_]+)", lambda found: VALUES.get(found[1], "text"), line)
    session, *arguments = shlex.split(filled)[1:]

    assert session in bootstrap.sessions()
    if session not in ELSEWHERE:
        command.parser().parse_args([session, *arguments])


def test_the_workflows_call_what_a_delivery_consists_of() -> None:
    called = {shlex.split(line)[1] for line in COMMANDS}

    assert called == {
        "compat", "destroy", "drift", "lint", "plan", "preview", "publish", "report", "rollback", "smoke", "test", "up",
        "workflows",
    }  # fmt: skip
