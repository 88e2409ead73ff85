"""A fleet's copy of the repository: one of its models is deployed there and answers, with nothing installed."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_OUTSIDE = {
    name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MODEL_GATEWAY_PORT")
}


@dataclass(frozen=True)
class Deployed:
    root: Path
    printed: str
    told: str


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A fleet of two, of which the second one is deployed."""
    folder = tmp_path_factory.mktemp("fleet")
    made = _run(_ROOT, "./dev", "fleet", "2", "--into", str(folder))
    assert made.returncode == 0, made.stderr
    assert f"2 models in {folder}: fleet-001 to fleet-002" in made.stdout
    done = _run(folder, "./dev", "local", "--model", "fleet-002")
    assert done.returncode == 0, done.stdout + done.stderr
    yield Deployed(folder, done.stdout, done.stderr)
    _run(folder, "./dev", "local", "down")


def _run(root: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=root, env=_OUTSIDE, capture_output=True, text=True, timeout=280, check=False
    )


def test_a_model_of_a_fleet_answers_and_nothing_was_installed(deployed: Deployed) -> None:
    assert "fleet-002 v1 answered 200" in deployed.printed
    assert "fleet-001" not in deployed.printed
    assert "making .venv" not in deployed.told


def test_pulumi_by_hand_previews_a_model_of_a_fleet(deployed: Deployed) -> None:
    script = 'eval "$(./dev env local)"; cd stacks/model; pulumi preview -s fleet-002.local'
    done = _run(deployed.root, "/bin/sh", "-e", "-c", script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ unchanged", done.stdout)
