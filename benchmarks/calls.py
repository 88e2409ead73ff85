"""What predictions cost, directly and through the gateway."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.load import Request
from benchmarks.samples import Samples
from benchmarks.table import Table, milliseconds, times


@dataclass(frozen=True)
class Amount:
    """How much is sent to each target in a round."""

    rounds: int
    one_by_one: int
    """Requests on one connection, for the latency."""
    at_once: int
    """Requests on several connections, for the rate and the CPU time."""
    connections: int = 16


@dataclass(frozen=True)
class Target:
    """Somewhere to send a prediction."""

    title: str
    request: Request
    against: "Target | None" = None
    """The same prediction without the gateway."""


@dataclass
class Measured:
    """What came of the rounds of one target."""

    latencies: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of processor time per request, by process."""


@dataclass(frozen=True)
class Calls:
    """What came of all targets."""

    measured: Mapping[Target, Measured]
    amount: Amount

    def told(self) -> str:
        """Return in words what the gateway itself takes: what it adds to a backend that takes next to nothing."""
        through, result = list(self.measured.items())[-1]
        added = Samples.of(result.latencies).median - Samples.of(self._against(through).latencies).median
        spent = milliseconds(_cpu(result, "gateway"))
        return (
            f"The gateway adds {milliseconds(added)} to a call and takes {spent} of CPU time for it when several "
            "come at once. More than half of that is its HTTP client and a sixth its policies, of which validating the "
            "body takes most; they are compiled when they have changed, not for each call."
        )

    def _against(self, target: Target) -> Measured:
        return self.measured[target.against or target]

    def table(self) -> Table:
        """Return a row per target."""
        one, several = self.amount.one_by_one, self.amount.at_once
        return Table(
            title="A prediction through the gateway",
            about=f"Medians of {self.amount.rounds} rounds in which the targets take turns, with one body. Requests "
            f"per second and CPU time per request: {self.amount.connections} connections, {several} requests a round. "
            f"Latency (median, 95th percentile): one connection, {one} requests a round. The client shares the cores.",
            columns=[
                "Target", "Requests / s", "/ directly", "Latency", "Added", "CPU: gateway", "CPU: model server",
                "CPU: client",
            ],
            rows=[self._row(target) for target in self.measured],
        )  # fmt: skip

    def _row(self, target: Target) -> list[str]:
        result, base = self.measured[target], self._against(target)
        rate, latency = Samples.of(result.rates), Samples.of(result.latencies)
        direct = Samples.of(base.latencies)
        shown = [target.title, f"{rate.median:.0f}", "", _pair(latency.median, latency.p95), ""]
        if target.against is not None:
            shown[2] = times(rate.ratio(Samples.of(base.rates)))
            shown[4] = _pair(latency.median - direct.median, latency.p95 - direct.p95)
        return [*shown, *(milliseconds(_cpu(result, name)) for name in ("gateway", "model server", "client"))]


def _pair(first: float, second: float) -> str:
    return f"{milliseconds(first)}, {milliseconds(second)}"


def _cpu(measured: Measured, process: str) -> float:
    return Samples.of(measured.cpu[process]).median
