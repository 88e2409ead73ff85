"""What a run of `./dev bench-delivery` makes of its figures."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import commands, goals, page, revisions, updates
from benchmarks.commands import Ran
from benchmarks.delivery import Delivered
from benchmarks.errors import BenchmarkError
from benchmarks.goals import Goal
from benchmarks.memory import Peak
from benchmarks.previews import Previews, Times
from benchmarks.updates import Updates
from delivery.records import DeliveryRecord, Operation, Outcome, StackRecord
from delivery.running import critical, words
from delivery.running.jobs import Job, in_layers


def _ran(seconds: float, cpu: float = 1.0) -> Ran:
    return Ran(seconds, cpu, "")


def _stack(project: str, name: str, seconds: float) -> StackRecord:
    return StackRecord(project=project, name=name, outcome=Outcome.DONE, seconds=seconds)


_STACKS = (
    _stack("foundation", "local", 10),
    _stack("platform", "local", 30),
    _stack("model", "a.local", 20),
    _stack("model", "b.local", 22),
)
_PEAK = Peak({"engine": 100_000_000}, together=600_000_000, engines=2)
_UPDATES = Updates(_STACKS, _ran(75.0, 12.0), critical=60.0, limit=2, latency=0.5, alone=18.0, peak=_PEAK)
_PREVIEWS = Previews(
    4,
    Times.of([_ran(60, 60), _ran(80, 80), _ran(90, 90)]),
    Times.of([_ran(40), _ran(44), _ran(42)]),
    Times.of([_ran(4), _ran(4.5), _ran(5)]),
)
_DELIVERED = Delivered(_UPDATES, _PREVIEWS, Peak({"program": 90_000_000}, 300_000_000, 1), _PEAK)


def test_each_goal_stands_beside_what_was_measured() -> None:
    assert goals.table(_DELIVERED.goals()).rows == [
        ["`./dev preview --all` / the loop", "0.6", "0.525", "met"],
        ["`./dev preview --base` of one model / the loop", "0.0667", "0.0563", "met"],
        ["`./dev preview --base` of one model", "5 s", "4.5 s", "met"],
        ["`./dev up --all`: stacks that failed", "0", "0", "met"],
        ["`./dev up --all` / its critical path", "1.3", "1.25", "met"],
    ]


def test_a_goal_that_is_missed_is_told() -> None:
    slow = replace(_DELIVERED, updates=replace(_UPDATES, whole=_ran(80.0)))
    assert [goal.is_met for goal in slow.goals()] == [True, True, True, True, False]
    assert goals.table([Goal("speed", 1, 2, " s")]).rows == [["speed", "1 s", "2 s", "**not met**"]]


def test_a_stack_that_was_not_done_counts_as_failed() -> None:
    cut = _STACKS[-1].model_copy(update={"outcome": Outcome.NOT_BEGUN})
    assert replace(_UPDATES, stacks=(*_STACKS[:-1], cut)).failed == 1


def test_previews_stand_against_the_loop() -> None:
    assert _PREVIEWS.table().rows == [
        ["`pulumi preview`, 4 times", "80.0 s", "1.00 x", "80.0 s", "1.00 x"],
        ["`./dev preview --all`", "42.0 s", "0.53 x", "1.0 s", "0.01 x"],
        ["`./dev preview --base HEAD~1`", "4.5 s", "0.06 x", "1.0 s", "0.01 x"],
    ]


def test_an_update_is_told_by_its_parts() -> None:
    assert _UPDATES.table().rows == [
        ["foundation", "10.0 s"],
        ["platform", "30.0 s"],
        ["one of 2 models, median", "21.0 s"],
        ["one model, while no other is worked on", "18.0 s"],
        ["critical path", "60.0 s"],
        ["all, with the start of `./dev`", "75.0 s (1.25 x)"],
        ["processor time", "12.0 s"],
    ]


def test_memory_is_told_by_process_and_per_stack() -> None:
    assert _DELIVERED.tables()[-1].rows == [
        ["engine", "", "100 MB", "100 MB"],
        ["program", "90 MB", "", ""],
        ["all, at one moment", "300 MB", "600 MB", "600 MB"],
        ["stacks at that moment", "1", "2", "2"],
        ["all, per stack", "300 MB", "300 MB", "300 MB"],
    ]


def test_the_critical_path_is_read_as_the_delivery_prints_it() -> None:
    record = DeliveryRecord(environment="local", operation=Operation.UP, stacks=_STACKS)
    path = critical.of(record, in_layers(Job(each.stack) for each in _STACKS), limit=1)
    printed = words.summary(record, seconds=90.0, critical=path, again="", logs="")
    assert updates.critical_seconds(printed) == 82.0


def test_a_delivery_that_prints_no_critical_path_is_no_measurement() -> None:
    with pytest.raises(BenchmarkError, match="printed no critical path"):
        updates.critical_seconds("local: nothing to do.")


def test_each_part_of_the_page_leaves_the_other_as_it_is() -> None:
    deliveries = page.render_deliveries(40, _DELIVERED.tables(), _DELIVERED.told(), "2026-01-02, 2 cores.")
    own = "# Benchmarks\n\nFirst.\n"
    whole = page.with_deliveries(own, deliveries)
    assert whole == f"{own}\n{deliveries}"
    assert page.with_deliveries(whole, deliveries) == whole
    assert page.with_own_part(whole, own.replace("First", "Second")) == whole.replace("First", "Second")
    assert page.with_own_part("# Benchmarks\n", own) == own
    assert page.with_deliveries("", deliveries) == deliveries
    assert "### Goals\n" in whole


def test_a_command_is_measured_with_all_that_it_starts(tmp_path: Path) -> None:
    ran = commands.run(["sh", "-c", "python3 -c 'sum(range(10**7))'; echo done"], tmp_path)
    assert ran.printed == "done\n"
    assert ran.cpu > 0.05
    assert ran.seconds > 0.05


def test_a_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"(?s)`sh -c echo no; exit 3` failed in .*no$"):
        commands.run(["sh", "-c", "echo no; exit 3"], tmp_path)


def test_a_scratch_copy_has_revisions_whatever_git_is_configured_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[commit]\n\tgpgsign = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    root = tmp_path / "root"
    root.mkdir()
    (root / "a").write_text("1")
    revisions.begin(root)
    (root / "a").write_text("2")
    revisions.commit(root, "Change")
    log = ["git", "log", "--format=%s", "--name-only"]
    printed = subprocess.run(log, cwd=root, check=True, capture_output=True, text=True).stdout
    assert printed.split() == ["Change", "a", "Begin", "a"]


def test_what_git_says_is_told_when_there_is_nothing_to_commit(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="failed in"):
        revisions.begin(tmp_path)
