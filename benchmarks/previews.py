"""Previews of many stacks: one after the other by hand, all through delivery, and those of a pull request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.commands import Ran, run
from benchmarks.memory import Peak
from benchmarks.samples import Samples
from benchmarks.scratch import Scratch
from benchmarks.stacks import LOCAL
from benchmarks.table import Table, seconds, times
from delivery.stacks import StackId

Way = Callable[[], Ran]


@dataclass(frozen=True)
class Times:
    """The rounds of one way to preview."""

    wall: Samples
    cpu: Samples

    @classmethod
    def of(cls, runs: Sequence[Ran]) -> "Times":
        """Return the times of these runs."""
        return cls(Samples.of(ran.seconds for ran in runs), Samples.of(ran.cpu for ran in runs))


@dataclass(frozen=True)
class Previews:
    """What came of the rounds."""

    stacks: int
    loop: Times
    """`pulumi preview` of each stack, one after the other."""
    everything: Times
    """`./dev preview --all`."""
    pull_request: Times
    """`./dev preview --base` after a commit that touches one model."""

    @property
    def everything_to_loop(self) -> float:
        """How many times the loop's duration `--all` takes."""
        return self.everything.wall.ratio(self.loop.wall)

    @property
    def pull_request_to_loop(self) -> float:
        """How many times the loop's duration the pull request takes."""
        return self.pull_request.wall.ratio(self.loop.wall)

    def table(self) -> Table:
        """Return a row per way."""
        rows = [
            [
                title,
                seconds(way.wall.median),
                times(way.wall.ratio(self.loop.wall)),
                seconds(way.cpu.median),
                times(way.cpu.ratio(self.loop.cpu)),
            ]
            for title, way in (
                (f"`pulumi preview`, {self.stacks} times", self.loop),
                ("`./dev preview --all`", self.everything),
                ("`./dev preview --base HEAD~1`", self.pull_request),
            )
        ]
        return Table(
            title="Previews of all stacks, and of a pull request",
            about=f"Medians of {len(self.loop.wall.values)} rounds in which the three take turns, each from its first "
            "process to its last. Everything is deployed; the last commit changes one model, which all three show. "
            "The first is a loop in a shell over the stacks. Processor time is that of all processes together.",
            columns=["Command", "Duration", "/ the loop", "Processor time", "/ the loop"],
            rows=rows,
        )


def measure(
    scratch: Scratch, stacks: Sequence[StackId], rounds: int, report: Callable[[str], None]
) -> Previews:
    """Preview what is deployed in all three ways, round after round."""
    ways: dict[str, tuple[Way, list[Ran]]] = {
        "pulumi preview of each stack": (lambda: _loop(scratch, stacks), []),
        "./dev preview --all": (lambda: _dev(scratch, "--all"), []),
        "./dev preview --base HEAD~1": (lambda: _dev(scratch, "--base", "HEAD~1"), []),
    }
    for number in range(1, rounds + 1):
        for title, (way, runs) in ways.items():
            report(f"{title}, round {number} of {rounds}")
            runs.append(way())
    loop, everything, pull_request = (Times.of(runs) for _, runs in ways.values())
    return Previews(len(stacks), loop, everything, pull_request)


def memory(scratch: Scratch, stack: StackId) -> tuple[Peak, Peak]:
    """Return the peaks of memory of one stack's `pulumi preview`, and of `./dev preview --all`."""
    alone, together = Peak(), Peak()
    _one(scratch, stack, alone)
    _dev(scratch, "--all", peak=together)
    return alone, together


def _loop(scratch: Scratch, stacks: Sequence[StackId]) -> Ran:
    runs = [_one(scratch, stack) for stack in stacks]
    return Ran(sum(ran.seconds for ran in runs), sum(ran.cpu for ran in runs), "")


def _one(scratch: Scratch, stack: StackId, peak: Peak | None = None) -> Ran:
    command = scratch.pulumi_command("preview", "-s", stack.name)
    return run(command, stack.directory(scratch.root), scratch.engine_environment(), peak=peak)


def _dev(scratch: Scratch, *arguments: str, peak: Peak | None = None) -> Ran:
    command = [str(scratch.root / "dev"), "preview", "--env", LOCAL, *arguments]
    return run(command, scratch.root, peak=peak)
