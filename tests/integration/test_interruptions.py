"""kill -9 at random moments of `./dev local`: the next one recovers by itself and ends in the undisturbed state."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil
import pytest

from local_azure.arm.json_values import JsonObject, text
from tests.support.clone import Clone

_STACKS = (("foundation", "local"), ("platform", "local"), ("model", "diabetes-progression.local"))
_API_MANAGEMENT = "2024-05-01"

# What is killed, by words of its command line.
_VICTIMS = {
    "engine": "pulumi --non-interactive up",
    "program": "pulumi-language-python-exec",
    "plugin": "local_azure provider",
    "ARM server": "local_azure serve",
    "laptop": "-m laptop up",
}


@dataclass(frozen=True)
class Kill:
    """One disturbance: who is killed, and how long after it was first seen."""

    victim: str
    stack: int
    """The engine's run in which it happens: 0 foundation, 1 platform, 2 the first model."""
    seconds: float


def _kills(count: int, seed: int) -> list[Kill]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    victims = [name for _ in range(count) for name in _VICTIMS]
    return [Kill(name, chance.randrange(3), chance.uniform(0, 3)) for name in victims[:count]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kill" in metafunc.fixturenames:
        count, seed = metafunc.config.getoption("--kills"), metafunc.config.getoption("--kills-seed")
        metafunc.parametrize("kill", _kills(count, seed), ids=lambda kill: f"{kill.victim}-{kill.stack}")


@pytest.fixture(scope="module")
def deployed(clone: Clone) -> Clone:
    """A copy with one model: a second one would only make each of the many runs longer."""
    shutil.rmtree(clone.root / "models" / "iris-species")
    clone.up()
    return clone


@pytest.fixture(scope="module")
def undisturbed(deployed: Clone) -> frozenset[str]:
    """The ids of all resources after a run that nothing disturbed."""
    return _resources(deployed)


@pytest.fixture
def empty(deployed: Clone) -> Clone:
    """The clone with nothing deployed; its model server runs on."""
    _end_azure(deployed)
    for folder in ("state", "azure"):
        shutil.rmtree(deployed.root / ".local" / folder)
    return deployed


def test_the_next_run_recovers_from_a_kill(undisturbed: frozenset[str], empty: Clone, kill: Kill) -> None:
    disturbed = _start(empty)
    killed = _kill(empty, disturbed, kill)
    printed, _ = disturbed.communicate(timeout=200)

    recovered = empty.laptop("up")

    told = f"{kill}, killed {killed}\n{printed}\n--\n{recovered.stdout}{recovered.stderr}"
    assert recovered.returncode == 0, told + empty.logs()
    assert "Traceback" not in recovered.stdout + recovered.stderr, told
    assert _resources(empty) == undisturbed, told
    project, stack = _STACKS[kill.stack]
    done = empty.pulumi(project, "preview", "--refresh", "--expect-no-changes", "-s", stack)
    assert done.returncode == 0, told + done.stdout + done.stderr
    assert list((empty.root / ".local/state/.pulumi/locks").rglob("*.json")) == []
    assert _leftovers(empty) == []


def test_the_next_run_goes_on_after_an_impatient_ctrl_c(undisturbed: frozenset[str], empty: Clone) -> None:
    running = _start(empty)
    while running.poll() is None and not _processes(empty, _VICTIMS["engine"]):
        time.sleep(0.05)
    time.sleep(2)
    for _ in range(3):
        os.killpg(running.pid, signal.SIGINT)
        time.sleep(0.1)
    printed, _ = running.communicate(timeout=100)
    assert running.returncode == 130, printed
    assert "Interrupted. `./dev local` goes on from here" in printed
    assert "Traceback" not in printed
    assert _leftovers(empty) == []

    recovered = empty.laptop("up")

    assert recovered.returncode == 0, recovered.stdout + recovered.stderr
    assert _resources(empty) == undisturbed


def test_of_two_at_once_the_second_waits_and_changes_nothing(
    undisturbed: frozenset[str], empty: Clone
) -> None:
    both = [_start(empty), _start(empty)]
    printed = [running.communicate(timeout=250)[0] for running in both]
    assert [running.returncode for running in both] == [0, 0], printed
    waited = [text for text in printed if "Another `./dev local` works in this clone" in text]
    assert len(waited) == 1
    assert waited[0].count("no changes") == len(_STACKS)
    assert _resources(empty) == undisturbed


def _start(clone: Clone) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "laptop", "up"],
        cwd=clone.root,
        env={**os.environ, "MODEL_GATEWAY_PORT": str(clone.port), "PYTHONPATH": str(clone.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _kill(clone: Clone, running: "subprocess.Popen[str]", kill: Kill) -> int:
    """Kill the victim in the wanted run of the engine; return its process id."""
    engines: list[int] = []
    while running.poll() is None:
        engines += [each.pid for each in _processes(clone, _VICTIMS["engine"]) if each.pid not in engines]
        if len(engines) == kill.stack + 1:
            time.sleep(kill.seconds)
            # A program or plugin may have ended, or not begun: then its engine is killed.
            for victim in (*_processes(clone, _VICTIMS[kill.victim]), *_processes(clone, _VICTIMS["engine"])):
                victim.kill()
                return victim.pid
        time.sleep(0.02)
    raise AssertionError(f"nobody was there to be killed: {kill}")


def _processes(clone: Clone, words: str) -> list[psutil.Process]:
    """Return this clone's processes whose command lines hold the words."""
    found = []
    for process in psutil.process_iter():
        try:
            if words in " ".join(process.cmdline()) and str(clone.root) in process.environ().get(
                "PYTHONPATH", ""
            ):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def _leftovers(clone: Clone) -> list[str]:
    """Return the command lines of engines, programs and plugins that still run."""
    time.sleep(0.5)  # a plugin looks for its engine every few moments
    return [
        " ".join(process.cmdline())
        for victim, words in _VICTIMS.items()
        if victim != "ARM server"
        for process in _processes(clone, words)
    ]


def _identity(entry: JsonObject) -> str:
    """Return the id of an entity; for an administrator's subscription, whose id is random, what it is for."""
    owner, scope = text(entry, "properties", "ownerId"), text(entry, "properties", "scope")
    return f"{scope} of {owner}" if owner else text(entry, "id")


def _end_azure(clone: Clone) -> None:
    for process in _processes(clone, _VICTIMS["ARM server"]):
        process.terminate()
        process.wait(timeout=20)


def _resources(clone: Clone) -> frozenset[str]:
    """Return the ids of all resources in the group, those of API Management's service included."""
    group = json.loads(clone.pulumi("foundation", "stack", "output", "--json", "-s", "local").stdout)
    platform = clone.outputs("platform", "local")
    listed = clone.arm("GET", f"{group['resource_group_id']}/resources", "2021-04-01").json()["value"]
    ids = [entry["id"] for entry in listed]
    kinds = (
        "apis",
        "products",
        "backends",
        "namedValues",
        "loggers",
        "diagnostics",
        "groups",
        "subscriptions",
        "apiVersionSets",
    )
    for kind in kinds:
        found = clone.arm("GET", f"{platform['service_id']}/{kind}", _API_MANAGEMENT).json()["value"]
        ids += [_identity(entry) for entry in found]
    api = f"{platform['service_id']}/apis/diabetes-progression-v1"
    for kind in ("operations", "schemas", "policies"):
        ids += [entry["id"] for entry in clone.arm("GET", f"{api}/{kind}", _API_MANAGEMENT).json()["value"]]
    return frozenset(ids)
