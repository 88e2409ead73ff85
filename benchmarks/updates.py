"""An update of many stacks from nothing, with writes that take as long as Azure's."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.commands import Ran, run
from benchmarks.errors import BenchmarkError
from benchmarks.memory import Peak
from benchmarks.scratch import Scratch
from benchmarks.stacks import LOCAL
from benchmarks.table import Table, seconds, times
from delivery import records
from delivery.records import Operation, StackRecord
from shared import environments
from shared.projects import FOUNDATION, MODEL, PLATFORM

_LIKE = "dev"
"""The environment whose limit is tried: that of `local` is for writes that take no time."""
_CRITICAL = re.compile(r"Critical path: (?P<limited>[\d.]+) s with (?P<limit>\d+) at once")


@dataclass(frozen=True)
class Updates:
    """What came of it."""

    stacks: tuple[StackRecord, ...]
    whole: Ran
    critical: float
    """Seconds of the critical path that the delivery printed."""
    limit: int
    """How many stacks were worked on at once."""
    latency: float
    """How many times as long as Azure's the writes took."""
    alone: float
    """Seconds of one model's stack from nothing, while no other was worked on."""
    peak: Peak = field(repr=False)

    @property
    def failed(self) -> int:
        """How many stacks were not done."""
        return sum(each.outcome is not records.Outcome.DONE for each in self.stacks)

    @property
    def to_critical(self) -> float:
        """How many times the critical path the whole takes."""
        return self.whole.seconds / self.critical

    def table(self) -> Table:
        """Return a row per part."""
        models = [each.seconds for each in self.stacks if each.project == MODEL]
        rows = [
            ["foundation", seconds(self._of(FOUNDATION))],
            ["platform", seconds(self._of(PLATFORM))],
            [f"one of {len(models)} models, median", seconds(median(models))],
            ["one model, while no other is worked on", seconds(self.alone)],
            ["critical path", seconds(self.critical)],
            ["all, with the start of `./dev`", f"{seconds(self.whole.seconds)} ({times(self.to_critical)})"],
            ["processor time", seconds(self.whole.cpu)],
        ]
        return Table(
            title="`./dev up --all` from nothing",
            about=f"{self.limit} stacks at once, as environments/{_LIKE}.yaml has it. The local Azure takes "
            f"{self.latency:g} times as long for a write as local_azure/arm/latency.py says of Azure, where writes of "
            "one entity wait for each other. The critical path is the one that the delivery prints: of each layer, one "
            f"after the other, what its stacks take at least with {self.limit} at once.",
            columns=["Part", "Duration"],
            rows=rows,
        )

    def _of(self, project: str) -> float:
        return next(each.seconds for each in self.stacks if each.project == project)


def measure(
    scratch: Scratch, latency: float, again: str, results: Path, report: Callable[[str], None]
) -> Updates:
    """Deploy everything to an empty local Azure whose writes take `latency` times Azure's, then `again` one model."""
    limit = environments.load(_LIKE, scratch.root).parallel
    peak = Peak()
    report(f"./dev up --all, {limit} stacks at once, {latency:g} times Azure's latency")
    whole = _dev(scratch, "up", "--all", "--parallel", str(limit), "--results", str(results), peak=peak)
    stacks = _record(results).stacks
    report(f"./dev up --model {again}, alone")
    _dev(scratch, "destroy", "--model", again, "--results", str(results))
    _dev(scratch, "up", "--model", again, "--results", str(results))
    (alone,) = (each.seconds for each in _record(results).stacks)
    return Updates(stacks, whole, critical_seconds(whole.printed), limit, latency, alone, peak)


def _record(results: Path) -> records.DeliveryRecord:
    (found,) = (each for each in records.read(results) if each.operation is Operation.UP)
    return found


def critical_seconds(printed: str) -> float:
    """Return the seconds of the critical path that `./dev up` printed."""
    found = _CRITICAL.search(printed)
    if found is None:
        raise BenchmarkError(f"`./dev up` printed no critical path: mend it first.\n{printed}")
    return float(found["limited"])


def _dev(scratch: Scratch, operation: str, *arguments: str, peak: Peak | None = None) -> Ran:
    command = [str(scratch.root / "dev"), operation, "--env", LOCAL, *arguments]
    return run(command, scratch.root, peak=peak)
