"""What `./dev local` takes, step by step: the first time and when nothing changes."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.errors import BenchmarkError
from benchmarks.samples import Samples
from benchmarks.scratch import Scratch
from benchmarks.table import Table, seconds, times

_STEP = re.compile(r"^\S (?P<name>\S.*?) +(?P<seconds>\d+\.\d) s  ", re.MULTILINE)
IN_ALL = "in all"
AROUND = "start of `./dev`, lock, summary"

Phases = Mapping[str, float]
"""Seconds by step, in the order in which they ended; equal names are added up."""


@dataclass(frozen=True)
class LocalRuns:
    """Durations by step of several runs."""

    first: Mapping[str, Samples]
    """With no state; tool chain and packages are there."""
    second: Mapping[str, Samples]
    """With everything deployed and running."""

    def table(self) -> Table:
        """Return a row per step."""
        rows = [
            [
                name,
                seconds(self.first[name].median),
                seconds(self.second[name].median),
                times(self.second[name].ratio(self.first[name])),
            ]
            for name in self.first
        ]
        return Table(
            title="`./dev local`, step by step",
            about=f"Medians of {len(self.first[IN_ALL].values)} rounds. The first run begins with no state, with tool "
            "chain and packages in their caches; it trains the models. The second one changes nothing. The model "
            "server starts beside the steps above it: its row is what is then still waited for.",
            columns=["Step", "First", "Second", "Second / first"],
            rows=rows,
        )


def measure(scratch: Scratch, models: Sequence[str], rounds: int, report: Callable[[str], None]) -> LocalRuns:
    """Run `./dev local` twice for each round, the first time after a reset. The last state stays."""
    first: list[Phases] = []
    second: list[Phases] = []
    chosen = [word for model in models for word in ("--model", model)]
    for number in range(1, rounds + 1):
        _dev_local(scratch, "reset")
        for runs, name in ((first, "first"), (second, "second")):
            report(f"./dev local, {name}, round {number} of {rounds}")
            runs.append(_timed(scratch, chosen))
    return LocalRuns(collected(first), collected(second))


def _timed(scratch: Scratch, chosen: Sequence[str]) -> Phases:
    started = time.monotonic()
    printed = _dev_local(scratch, *chosen)
    whole = time.monotonic() - started
    steps = parse(printed)
    return {**steps, AROUND: max(0.0, whole - sum(steps.values())), IN_ALL: whole}


def _dev_local(scratch: Scratch, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - the scratch copy's own entry point
        [scratch.root / "dev", "local", *arguments],
        env={**os.environ, "MODEL_GATEWAY_PORT": str(scratch.port)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchmarkError(f"./dev local failed in {scratch.root}: mend it first.\n{done.stderr.strip()}")
    return done.stdout


def parse(printed: str) -> dict[str, float]:
    """Return the seconds of each step that `./dev local` printed."""
    steps: dict[str, float] = {}
    for found in _STEP.finditer(printed):
        steps[found["name"]] = steps.get(found["name"], 0.0) + float(found["seconds"])
    return steps


def collected(runs: Sequence[Phases]) -> dict[str, Samples]:
    """Return the samples of each step that is in every run."""
    return {
        name: Samples.of(run[name] for run in runs) for name in runs[0] if all(name in run for run in runs)
    }
