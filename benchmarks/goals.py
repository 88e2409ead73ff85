"""Goals, and whether a run met them."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.table import Table


@dataclass(frozen=True)
class Goal:
    """Something measured that is to be at most so much."""

    what: str
    most: float
    measured: float
    unit: str = ""
    """What follows the figures, such as ` s`."""

    @property
    def is_met(self) -> bool:
        """Tell whether it is."""
        return self.measured <= self.most


def table(goals: Sequence[Goal]) -> Table:
    """Return a row per goal."""
    return Table(
        title="Goals",
        about="Of this run; they were set for 40 models on two cores.",
        columns=["Goal", "At most", "Measured", ""],
        rows=[
            [
                goal.what,
                f"{goal.most:.3g}{goal.unit}",
                f"{goal.measured:.3g}{goal.unit}",
                "met" if goal.is_met else "**not met**",
            ]
            for goal in goals
        ],
    )
