"""`./dev bench`: everything measured in one run, in a scratch copy, and written as one page."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import fleet, gateway, growth, machine, page, phases, stacks, targets
from benchmarks.calls import Amount
from benchmarks.samples import Samples
from benchmarks.scratch import ROOT, Scratch
from benchmarks.stacks import Engine, StackTimes
from delivery.stacks import StackId, foundation, model, platform
from shared.model import description

PAGE = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    slow: int
    """Rounds of what takes many seconds."""
    fast: int
    """Rounds of what takes a few."""
    fleet: Sequence[int]
    """Numbers of model stacks; the last one is the largest."""
    calls: Amount
    rough: bool = False
    """Whether its figures are good for nothing but showing that it works."""


FULL = Size(slow=3, fast=5, fleet=(1, 10, 40), calls=Amount(rounds=5, one_by_one=300, at_once=1500))
QUICK = Size(slow=1, fast=1, fleet=(1, 2), calls=Amount(rounds=1, one_by_one=20, at_once=40), rough=True)
_OWN = 2
"""How many of the repository's own models take part, so that a repository with many is measured in equal time."""


def run(size: Size, report: Callable[[str], None]) -> str:
    """Measure everything; return the page. The scratch copy is removed, whatever happens."""
    own = description.names(ROOT)[:_OWN]
    folder = Path(tempfile.mkdtemp(prefix="model-gateway-bench-"))
    try:
        scratch = fleet.make(size.fleet[-1], folder, report)
        try:
            return _measured(scratch, own, size, report)
        finally:
            scratch.laptop("down")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(scratch: Scratch, own: Sequence[str], size: Size, report: Callable[[str], None]) -> str:
    driver = Engine(scratch)
    served, answered = own[-1], fleet.names(len(own))[-1]  # the same model under two names
    for name in (served, answered):
        targets.raise_limits(scratch.root, name)
    local = phases.measure(scratch, own, size.slow, report)
    deployed = {"foundation": foundation(stacks.LOCAL), "platform": platform(stacks.LOCAL)}
    deployed |= {name: model(name, stacks.LOCAL) for name in own}
    measured = {
        **stacks.floors(driver, size.fast, report),
        **_of_layers(deployed, local, stacks.previews(driver, list(deployed.values()), size.fast, report)),
    }
    memory = driver.memory(deployed[own[0]])
    grown = growth.measure(driver, fleet.names(size.fleet[-1]), size.fleet, size.slow, report)
    calls = gateway.measure(driver, served, answered, size.calls, report)
    tables = (
        local.table(),
        stacks.table(measured),
        grown.table(),
        stacks.memory_table(memory),
        calls.table(),
    )
    told = (page.dominating(measured, own[0]), calls.told())
    day = datetime.now(UTC).date()
    return page.render(tables, told, machine.describe(), day, rough=size.rough)


def _of_layers(
    deployed: Mapping[str, StackId], local: phases.LocalRuns, previews: Mapping[StackId, Samples]
) -> dict[str, StackTimes]:
    """Return the durations of the deployed stacks; those of `up` are their steps of `./dev local`."""
    return {
        title: StackTimes(local.first[title], local.second[title], previews[stack])
        for title, stack in deployed.items()
    }
