"""What every command of a delivery is given."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from delivery import engine
from delivery.listener import Reports

Update = Callable[[engine.Target, Reports], engine.Deployed]
"""Creates or updates one stack, as `delivery.engine.up` does."""


def _update(_: str) -> Update:
    return engine.up


def _own_endpoint(_environment: str, _model: str) -> str | None:
    """Return None: the model's description names its endpoint."""
    return None


@dataclass(frozen=True)
class Context:
    """Where a command works, and where it tells what it does."""

    root: Path
    """The repository."""
    console: Console
    """Standard output. What a user did wrong is raised as an error, which becomes a sentence on standard error."""
    variables: Callable[[str], Mapping[str, str]]
    """By an environment's name: the variables with which the Pulumi CLI reaches its backend, secrets and Azure."""
    update: Callable[[str], Update] = _update
    """By an environment's name: how its stacks are updated. A laptop also mends what Azure never needs mended."""
    alone: Callable[[str], AbstractContextManager[object]] = nullcontext
    """By an environment's name: held while its stacks are changed, where something keeps others out meanwhile."""
    endpoint: Callable[[str, str], str | None] = _own_endpoint
    """By environment and model: where its model server answers, when that is not where its description says."""
