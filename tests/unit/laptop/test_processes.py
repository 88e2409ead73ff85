"""Background programs: recognised whatever happened meanwhile, ended with their children, never anybody else's."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from laptop.processes import Background, end_children

_SLEEPER = [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(60)"]


@pytest.fixture
def background(tmp_path: Path) -> Iterator[Background]:
    program = Background("sleeper", tmp_path / "run", tmp_path / "logs")
    yield program
    program.stop()


def test_a_started_program_is_recognised_and_ended(background: Background, tmp_path: Path) -> None:
    background.start(_SLEEPER, {}, tmp_path)
    process = background.process()
    assert process is not None
    assert background.stop()
    assert not psutil.pid_exists(process.pid) or psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
    assert background.process() is None
    assert not background.stop()


def test_its_output_goes_to_the_log(background: Background, tmp_path: Path) -> None:
    background.start(_SLEEPER, {}, tmp_path)
    assert background.wait(lambda: "awake" in background.last_words(), 10)


def test_variables_reach_the_program(background: Background, tmp_path: Path) -> None:
    background.start(
        [sys.executable, "-c", "import os; print(os.environ['GREETING'])"], {"GREETING": "hello"}, tmp_path
    )
    background.wait(lambda: False, 10)
    assert "hello" in background.last_words()


def test_waiting_ends_early_when_the_program_ends(background: Background, tmp_path: Path) -> None:
    background.start([sys.executable, "-c", "raise SystemExit('no model here')"], {}, tmp_path)
    assert not background.wait(lambda: False, 60)
    assert "no model here" in background.last_words()


def test_children_end_with_it(background: Background, tmp_path: Path) -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_SLEEPER[2]!r}])"
    background.start([sys.executable, "-c", parent], {}, tmp_path)
    assert background.wait(lambda: "awake" in background.last_words(), 10)
    process = background.process()
    assert process is not None
    (child,) = process.children()
    background.stop()
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_another_process_with_the_same_id_is_left_alone(background: Background) -> None:
    stranger = subprocess.Popen(_SLEEPER, stdout=subprocess.DEVNULL)
    try:
        background.run.mkdir()
        (background.run / "sleeper.json").write_text(json.dumps({"pid": stranger.pid}))
        assert background.process() is None
        assert not background.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_program_that_becomes_another_one_is_recognised_all_the_while(
    background: Background, tmp_path: Path
) -> None:
    script = tmp_path / "again.py"
    script.write_text(
        "import os, sys, time\n"
        "left = int(sys.argv[1])\n"
        "if left:\n"
        "    os.execv(sys.executable, [sys.executable, __file__, str(left - 1)])\n"
        "print('awake', flush=True)\n"
        "time.sleep(60)\n"
    )
    background.start([sys.executable, str(script), "20"], {}, tmp_path)
    while "awake" not in background.last_words():
        assert background.process() is not None


@pytest.mark.parametrize("record", [None, "", "{", '{"process": 1, "layout": 2}', "[1]", '{"pid": 4194305}'])
def test_a_program_is_found_without_a_record_that_can_be_used(
    background: Background, tmp_path: Path, record: str | None
) -> None:
    background.start(_SLEEPER, {}, tmp_path)
    started = background.process()
    (background.run / "sleeper.json").unlink()
    if record is not None:
        (background.run / "sleeper.json").write_text(record)
    assert background.process() == started
    assert background.stop()
    assert background.process() is None


@pytest.mark.parametrize("record", ["", "{"])
def test_a_damaged_record_of_nothing_counts_as_not_running(background: Background, record: str) -> None:
    background.run.mkdir()
    (background.run / "sleeper.json").write_text(record)
    assert background.process() is None


@pytest.mark.parametrize(
    "jump", [timedelta(days=365), timedelta(hours=1), -timedelta(hours=1), -timedelta(days=365)]
)
def test_a_jump_of_the_clock_makes_nobody_a_stranger(
    background: Background, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    background.start(_SLEEPER, {}, tmp_path)
    # The system counts start times from its own, which it tells by the clock of the moment.
    told = psutil.Process.create_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: told(self) + jump.total_seconds())
    assert background.process() is not None
    assert background.stop()


def test_ending_children_spares_the_background(background: Background, tmp_path: Path) -> None:
    background.start(_SLEEPER, {}, tmp_path)
    with subprocess.Popen(_SLEEPER, stdout=subprocess.DEVNULL) as child:
        end_children()
        assert child.wait(timeout=20) != 0
    assert background.process() is not None
