"""What somebody asks for in one environment."""

from dataclasses import dataclass
from pathlib import Path

from delivery.records import Operation


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for in one environment."""

    operation: Operation
    environment: str
    results: Path
    """The folder for records and logs."""
    models: tuple[str, ...] = ()
    """Only these; none means all that are chosen otherwise."""
    everything: bool = False
    """Every stack, whether it differs or not."""
    base: str | None = None
    """Stacks that differ from this revision; None for those that differ from what is deployed."""
    layer: str | None = None
    """Only stacks of this project."""
    shard: str | None = None
    """Only this part of the stacks, as `2/3`."""
    parallel: int | None = None
    """How many stacks at once; None for the environment's own limit, or for a preview that of the machine."""
