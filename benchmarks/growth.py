"""How the time of a stack grows with the number of models: a fleet is deployed one stack after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.samples import Samples
from benchmarks.stacks import LOCAL, Engine
from benchmarks.table import Table, seconds, times
from delivery import stacks
from laptop import models


@dataclass(frozen=True)
class Fleet:
    """The durations of a growing number of model stacks."""

    ups: Sequence[float]
    """Seconds of each stack's first `up`, in the order of deployment."""
    previews: dict[int, Samples]
    """No-op previews of the first stack, by the number of stacks that there were."""

    def table(self) -> Table:
        """Return a row per number of stacks."""
        alone = Samples.of(self.ups[:1])
        before = 0
        rows = []
        for count, preview in self.previews.items():
            added = Samples.of(self.ups[before:count])
            rows.append(
                [
                    str(count),
                    seconds(sum(self.ups[:count])),
                    seconds(added.median),
                    times(added.ratio(alone)),
                    seconds(preview.median),
                    times(preview.ratio(next(iter(self.previews.values())))),
                ]
            )
            before = count
        return Table(
            title="Many model stacks",
            about="Deployed from nothing one after the other, as `./dev local` does, above one foundation and "
            "platform. The median is that of the stacks added since the row above; the preview is of the first stack.",
            columns=[
                "Model stacks",
                "`up` of all",
                "`up` of one, median",
                "/ the first",
                "no-op `preview`",
                "/ with one",
            ],
            rows=rows,
        )


def measure(
    driver: Engine, names: Sequence[str], sizes: Sequence[int], rounds: int, report: Callable[[str], None]
) -> Fleet:
    """Deploy the models `names` in turn, and preview the first one whenever there are `sizes` of them."""
    ups: list[float] = []
    previews = {}
    for number, name in enumerate(names, start=1):
        report(f"model stack {number} of {len(names)}")
        models.render_stack_file(driver.scratch.root, name, LOCAL, None)
        ups.append(driver.up(stacks.model(name, LOCAL))[0])
        if number in sizes:
            first = stacks.model(names[0], LOCAL)
            previews[number] = Samples.of(driver.preview(first) for _ in range(rounds))
    return Fleet(ups, previews)
