"""What the engine takes for each stack, against the floor of stacks without a resource."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from benchmarks.errors import BenchmarkError
from benchmarks.memory import Peak, peak
from benchmarks.samples import Samples
from benchmarks.scratch import Scratch
from benchmarks.table import Table, megabytes, seconds, times
from delivery import engine
from delivery.listener import Reports
from delivery.stacks import StackId
from shared import environments

LOCAL = "local"
EMPTY = "no resource"
IMPORTING = "no resource, imports azure-native's API Management"
_FLOORS = {
    EMPTY: "",
    IMPORTING: "from pulumi_azure_native import apimanagement  # noqa: F401\n",
}


@dataclass(frozen=True)
class Engine:
    """Drives the engine in a scratch copy, as `./dev local` does."""

    scratch: Scratch

    def up(self, stack: StackId) -> tuple[float, Mapping[str, JsonValue]]:
        """Deploy; return the seconds it took and the stack's outputs."""
        variables = self.scratch.engine_environment()
        os.environ["PATH"] = variables["PATH"]  # where the Automation API looks for the CLI
        started = time.monotonic()
        target = engine.Target(stack, self.scratch.root, variables)
        deployed = engine.up(target, Reports(_ignore, _ignore))
        return time.monotonic() - started, deployed.outputs

    def preview(self, stack: StackId) -> float:
        """Preview, as somebody who types `pulumi preview`; return the seconds. Raises BenchmarkError on changes."""
        started = time.monotonic()
        done = self.scratch.pulumi(stack.project, "preview", "--expect-no-changes", "-s", stack.name)
        if done.returncode != 0:
            raise BenchmarkError(f"The preview of {stack} failed: mend it first.\n{done.stdout}{done.stderr}")
        return time.monotonic() - started

    def memory(self, stack: StackId) -> Peak:
        """Preview, and return the peaks of memory."""
        command = self.scratch.pulumi_command("preview", "-s", stack.name)
        return peak(command, stack.directory(self.scratch.root), self.scratch.engine_environment())


def _ignore(_: str) -> None:
    """Take a line of progress that nobody wants."""


@dataclass(frozen=True)
class StackTimes:
    """The durations of one stack."""

    up: Samples
    """From nothing."""
    again: Samples
    """`up` that changes nothing."""
    preview: Samples
    """`pulumi preview` that finds no changes."""


def floors(driver: Engine, rounds: int, report: Callable[[str], None]) -> dict[str, StackTimes]:
    """Measure stacks without a resource: an empty program, and one that only imports."""
    found = {}
    for number, (title, program) in enumerate(_FLOORS.items(), start=1):
        project = f"floor-{number}"
        _write_project(driver.scratch.root, project, program)
        up, again, preview = [], [], []
        for turn in range(1, rounds + 1):
            report(f"{title}, round {turn} of {rounds}")
            stack = StackId(project, f"{LOCAL}-{turn}")
            _write_stack_file(driver.scratch.root, stack)
            up.append(driver.up(stack)[0])
            again.append(driver.up(stack)[0])
            preview.append(driver.preview(stack))
        found[title] = StackTimes(Samples.of(up), Samples.of(again), Samples.of(preview))
    return found


def previews(
    driver: Engine, stacks: Sequence[StackId], rounds: int, report: Callable[[str], None]
) -> dict[StackId, Samples]:
    """Preview each of the deployed stacks; they take turns."""
    found: dict[StackId, list[float]] = {stack: [] for stack in stacks}
    for turn in range(1, rounds + 1):
        for stack in stacks:
            report(f"preview of {stack}, round {turn} of {rounds}")
            found[stack].append(driver.preview(stack))
    return {stack: Samples.of(values) for stack, values in found.items()}


def table(measured: Mapping[str, StackTimes]) -> Table:
    """Return a row per stack, each against the empty one."""
    floor = measured[EMPTY]
    rows = [
        [
            title,
            seconds(stack.up.median),
            times(stack.up.ratio(floor.up)),
            seconds(stack.again.median),
            times(stack.again.ratio(floor.again)),
            seconds(stack.preview.median),
            times(stack.preview.ratio(floor.preview)),
        ]
        for title, stack in measured.items()
    ]
    return Table(
        title="One stack",
        about="Medians, and how many times those of a stack whose program is empty. `up` begins with nothing, "
        "`up` again and `preview` find no changes. `up` of this repository's stacks is their step of `./dev local`.",
        columns=["Stack", "`up`", "/ empty", "`up` again", "/ empty", "`preview`", "/ empty"],
        rows=rows,
    )


def memory_table(found: Peak) -> Table:
    """Return a row per process of a running stack."""
    rows = [
        [kind, megabytes(size)] for kind, size in sorted(found.by_kind.items(), key=lambda item: -item[1])
    ]
    return Table(
        title="Memory of one running stack",
        about="Largest resident set sizes during a no-op preview of a model. Shared pages count for each process.",
        columns=["Process", "Peak"],
        rows=[*rows, ["all, at one moment", megabytes(found.together)]],
    )


def _write_project(root: Path, project: str, program: str) -> None:
    folder = root / "stacks" / project
    folder.mkdir()
    settings = (root / "stacks" / "model" / "Pulumi.yaml").read_text(encoding="utf-8")
    (folder / "Pulumi.yaml").write_text(settings.replace("name: model", f"name: {project}"), encoding="utf-8")
    (folder / "__main__.py").write_text(program, encoding="utf-8")


def _write_stack_file(root: Path, stack: StackId) -> None:
    text = environments.render_model_stack(environments.load(LOCAL, root))
    (stack.directory(root) / f"Pulumi.{stack.name}.yaml").write_text(text, encoding="utf-8")
