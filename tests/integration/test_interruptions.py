"""Interruptions at random moments of `./dev local` and of `./dev up`: the next run ends in the undisturbed state."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from tests.support.clone import Clone
from tests.support.condition import Condition, condition, left_behind
from tests.support.watching import AZURE, ENGINE, await_engine, forget_deployment, working

_STACKS = (("foundation", "local"), ("platform", "local"), ("model", "diabetes-progression.local"))
_CTRL_C = "Ctrl-C"

# What is killed, by words of its command line. Ctrl-C is a signal to all that work in the foreground.
_VICTIMS = {
    "engine": ENGINE,
    "program": "pulumi-language-python-exec",
    "plugin": "local_azure provider",
    "ARM server": AZURE,
    "laptop": "-m laptop up",
    _CTRL_C: "-m laptop up",
}


# The same of a delivery, whose process goes by another name.
_DELIVERY = "-m laptop.delivering up"
_VICTIMS_OF_DELIVERY = {
    **{name: words for name, words in _VICTIMS.items() if name not in {"laptop", _CTRL_C}},
    "delivery": _DELIVERY,
    _CTRL_C: _DELIVERY,
}
_SHARE = 3  # a kill of a delivery for so many of `./dev local`


@dataclass(frozen=True)
class Kill:
    """One disturbance: who is killed, and how long after it was first seen."""

    victim: str
    stack: int
    """The engine's run in which it happens: 0 foundation, 1 platform, 2 the first model; -1 before all of them."""
    seconds: float


def _kills(count: int, seed: int) -> list[Kill]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    victims = [name for _ in range(count) for name in _VICTIMS]
    return [_disturbance(name, chance) for name in victims[:count]]


def _kills_of_deliveries(count: int, seed: int) -> list[Kill]:
    """Return kills whose victims come in an order of their own for each seed: a few are to be of other kinds."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    victims = [name for _ in range(count) for name in chance.sample(sorted(_VICTIMS_OF_DELIVERY), 6)]
    return [_disturbance(name, chance) for name in victims[:count]]


def _disturbance(victim: str, chance: random.Random) -> Kill:
    # An engine and what belongs to it is there only in its runs; the others can go at any moment.
    first = -1 if victim in {"laptop", "delivery", _CTRL_C} else 0
    return Kill(victim, chance.randrange(first, len(_STACKS)), chance.uniform(0, 2))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kill" in metafunc.fixturenames:
        count, seed = metafunc.config.getoption("--kills"), metafunc.config.getoption("--kills-seed")
        metafunc.parametrize("kill", _kills(count, seed), ids=lambda kill: f"{kill.victim}-{kill.stack}")
    if "kill_of_delivery" in metafunc.fixturenames:
        count, seed = metafunc.config.getoption("--kills"), metafunc.config.getoption("--kills-seed")
        found = _kills_of_deliveries(-(-count // _SHARE), seed)
        metafunc.parametrize("kill_of_delivery", found, ids=lambda kill: f"{kill.victim}-{kill.stack}")


@pytest.fixture(scope="module", autouse=True)
def _ctrl_c() -> None:
    """Let the programs that are started here be interrupted: what a shell runs in the background ignores that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module")
def undisturbed(one_model: Clone) -> Condition:
    """What a run that nothing disturbed ends in; there, what the stacks know is what Azure has."""
    for project, stack in _STACKS:
        same = one_model.pulumi(project, "preview", "--refresh", "--expect-no-changes", "-s", stack)
        assert same.returncode == 0, same.stdout + same.stderr
    assert left_behind(one_model) == []
    return condition(one_model)


@pytest.fixture
def empty(one_model: Clone) -> Clone:
    """The clone with nothing deployed; its model server runs on."""
    forget_deployment(one_model)
    return one_model


def test_the_next_run_recovers_from_a_kill(undisturbed: Condition, empty: Clone, kill: Kill) -> None:
    disturbed, killed = _disturbed(empty, kill, _VICTIMS)
    printed, _ = disturbed.communicate(timeout=200)
    if kill.victim == _CTRL_C:
        assert disturbed.returncode == 130, printed
        assert "Traceback" not in printed, printed

    recovered = empty.laptop("up")

    told = f"{kill}, killed {killed}\n{printed}\n--\n{recovered.stdout}{recovered.stderr}"
    assert recovered.returncode == 0, told + empty.logs()
    assert "Traceback" not in recovered.stdout + recovered.stderr, told
    assert undisturbed.difference(condition(empty)) == [], told
    assert left_behind(empty) == [], told


def test_the_next_delivery_recovers_from_a_kill(
    undisturbed: Condition, empty: Clone, kill_of_delivery: Kill
) -> None:
    kill = kill_of_delivery
    disturbed, killed = _disturbed(empty, kill, _VICTIMS_OF_DELIVERY)
    printed, _ = disturbed.communicate(timeout=200)
    if kill.victim == _CTRL_C:
        assert disturbed.returncode == 130, printed

    recovered = empty.start_delivery()
    told, _ = recovered.communicate(timeout=250)

    told = f"{kill}, killed {killed}\n{printed}\n--\n{told}"
    assert recovered.returncode == 0, told + empty.logs()
    assert "Traceback" not in told, told
    assert undisturbed.difference(condition(empty)) == [], told
    assert left_behind(empty) == [], told


def test_the_next_run_goes_on_after_an_impatient_ctrl_c(undisturbed: Condition, empty: Clone) -> None:
    running = empty.start("up")
    while running.poll() is None and not working(empty, ENGINE):
        time.sleep(0.05)
    time.sleep(2)
    for _ in range(3):
        os.killpg(running.pid, signal.SIGINT)
        time.sleep(0.1)
    printed, _ = running.communicate(timeout=100)
    assert running.returncode == 130, printed
    assert "Interrupted. `./dev local` goes on from here" in printed
    assert "Traceback" not in printed

    recovered = empty.laptop("up")

    assert recovered.returncode == 0, recovered.stdout + recovered.stderr
    assert undisturbed.difference(condition(empty)) == []
    assert left_behind(empty) == []


def test_of_two_at_once_the_second_waits_and_changes_nothing(undisturbed: Condition, empty: Clone) -> None:
    both = [empty.start("up"), empty.start("up")]
    printed = [running.communicate(timeout=250)[0] for running in both]
    assert [running.returncode for running in both] == [0, 0], printed
    waited = [text for text in printed if "Another `./dev local` works in this clone" in text]
    assert len(waited) == 1
    assert waited[0].count("no changes") == len(_STACKS)
    assert undisturbed.difference(condition(empty)) == []
    assert left_behind(empty) == []


def _disturbed(clone: Clone, kill: Kill, victims: Mapping[str, str]) -> tuple[subprocess.Popen[str], int]:
    """Return a run that was disturbed, and the id of the process that was killed or interrupted.

    On a quick machine a run of the engine may be over before its moment comes: then another run is disturbed earlier.
    """
    for seconds in (kill.seconds, kill.seconds / 2, kill.seconds / 4, kill.seconds / 8):
        running = clone.start_delivery() if victims is _VICTIMS_OF_DELIVERY else clone.start("up")
        killed = _kill(clone, running, replace(kill, seconds=seconds), victims)
        if killed is not None:
            return running, killed
        running.communicate(timeout=200)
        forget_deployment(clone)
    raise AssertionError(f"nobody was there to be killed: {kill}")


def _kill(clone: Clone, running: subprocess.Popen[str], kill: Kill, victims: Mapping[str, str]) -> int | None:
    """Disturb the wanted run of the engine; return the id of who was killed or interrupted, None when all were gone."""
    await_engine(clone, running, kill.stack)
    time.sleep(kill.seconds)
    if running.poll() is not None:
        return None
    if kill.victim == _CTRL_C:
        os.killpg(running.pid, signal.SIGINT)
        return running.pid
    # A program or plugin may have ended, or not begun: then its engine is killed.
    for victim in (*working(clone, victims[kill.victim]), *working(clone, ENGINE)):
        victim.kill()
        return victim.pid
    return None
