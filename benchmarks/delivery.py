"""`./dev bench-delivery`: what delivering many stacks takes, measured in one run, in a scratch copy."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import fleet, goals, previews, revisions, targets, updates
from benchmarks.goals import Goal
from benchmarks.memory import Peak
from benchmarks.previews import Previews
from benchmarks.scratch import ROOT, Scratch
from benchmarks.serving import local_azure
from benchmarks.stacks import LOCAL
from benchmarks.table import Table, megabytes, seconds
from benchmarks.updates import Updates
from delivery.stacks import foundation, model, platform
from shared.model import description


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    models: int
    rounds: int
    latency: float
    """How many times as long as Azure's the writes of the update take."""


FULL = Size(models=40, rounds=3, latency=0.5)
QUICK = Size(models=2, rounds=1, latency=0.01)


@dataclass(frozen=True)
class Delivered:
    """What came of a run."""

    updates: Updates
    previews: Previews
    of_one: Peak
    """Memory of `pulumi preview` of one stack."""
    of_all: Peak
    """Memory of `./dev preview --all`."""

    def goals(self) -> tuple[Goal, ...]:
        """Return what is to be reached."""
        found, wall = self.previews, self.previews.pull_request.wall
        return (
            Goal("`./dev preview --all` / the loop", 0.6, found.everything_to_loop),
            Goal("`./dev preview --base` of one model / the loop", 1 / 15, found.pull_request_to_loop),
            Goal("`./dev preview --base` of one model", 5.0, wall.median, " s"),
            Goal("`./dev up --all`: stacks that failed", 0, self.updates.failed),
            Goal("`./dev up --all` / its critical path", 1.3, self.updates.to_critical),
        )

    def told(self) -> str:
        """Return what limits the speed, in a few sentences."""
        count = self.previews.stacks
        loop, everything = (way.cpu.median / count for way in (self.previews.loop, self.previews.everything))
        return (
            f"A stack's preview takes {seconds(loop)} of processor time in the loop and {seconds(everything)} through "
            "delivery, which starts Python and imports the programs once for all of them "
            "([ADR 0009](adr/0009-previews-run-programs-in-one-process.md)); what is left are the engine, the plugin "
            "and the checkpoint. An update waits for Azure most of the time, so more are worked on at once than there "
            "are cores."
        )

    def tables(self) -> tuple[Table, ...]:
        """Return all tables."""
        kinds = {"`pulumi preview`": self.of_one, "`./dev preview --all`": self.of_all}
        return (
            goals.table(self.goals()),
            self.previews.table(),
            self.updates.table(),
            memory_table({**kinds, "`./dev up --all`": self.updates.peak}),
        )


def memory_table(found: Mapping[str, Peak]) -> Table:
    """Return a row per process, with a column for each command."""
    kinds = sorted({kind for peak in found.values() for kind in peak.by_kind})
    rows = [
        [kind, *(megabytes(peak.by_kind[kind]) if kind in peak.by_kind else "" for peak in found.values())]
        for kind in kinds
    ]
    return Table(
        title="Memory of a delivery",
        about="Largest resident set sizes: of one process of each kind, then of all at one moment, with the stacks "
        "that were worked on then. Shared pages count for each process. `delivery` is `./dev` itself, which runs the "
        "programs of previews.",
        columns=["Process", *found],
        rows=[
            *rows,
            ["all, at one moment", *(megabytes(peak.together) for peak in found.values())],
            ["stacks at that moment", *(str(peak.engines) for peak in found.values())],
            ["all, per stack", *(megabytes(peak.together / peak.engines) for peak in found.values())],
        ],
    )


def run(size: Size, report: Callable[[str], None]) -> Delivered:
    """Measure everything. The scratch copy is removed, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="model-gateway-bench-"))
    try:
        scratch = fleet.make(size.models, folder / "copy", report)
        for own in description.names(ROOT):
            shutil.rmtree(scratch.root / "models" / own)
        return _measured(scratch, folder / "results", size, report)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(scratch: Scratch, results: Path, size: Size, report: Callable[[str], None]) -> Delivered:
    names = fleet.names(size.models)
    revisions.begin(scratch.root)
    with local_azure(scratch, size.latency):
        updated = updates.measure(scratch, size.latency, names[-1], results, report)
    targets.raise_limits(scratch.root, names[0])
    revisions.commit(scratch.root, "Raise the limit of one model")
    every = [foundation(LOCAL), platform(LOCAL), *(model(name, LOCAL) for name in names)]
    with local_azure(scratch):
        previewed = previews.measure(scratch, every, size.rounds, report)
        report("memory of previews")
        of_one, of_all = previews.memory(scratch, every[-1])
    return Delivered(updated, previewed, of_one, of_all)
