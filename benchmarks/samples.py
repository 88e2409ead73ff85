"""Measured values and what is told of them: the median, a high percentile, the ratio to others."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Samples:
    """Values of one quantity, measured under equal conditions."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Samples":
        """Return the samples with these values, of which there is one at least."""
        return cls(tuple(values))

    @property
    def median(self) -> float:
        """The value that half of them do not exceed."""
        return median(self.values)

    @property
    def p95(self) -> float:
        """The value that 95 % of them do not exceed; of fewer than 20 it is interpolated, at most the largest."""
        if len(self.values) == 1:
            return self.values[0]
        return quantiles(self.values, n=20, method="inclusive")[-1]

    def ratio(self, baseline: "Samples") -> float:
        """Return how many times the median of `baseline` this median is."""
        return self.median / baseline.median if baseline.median else float("nan")
