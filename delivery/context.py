"""What every command of a delivery is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console


@dataclass(frozen=True)
class Context:
    """Where a command works, and where it tells what it does."""

    root: Path
    """The repository."""
    console: Console
    """Standard output. What a user did wrong is raised as an error, which becomes a sentence on standard error."""
    variables: Callable[[str], Mapping[str, str]]
    """By an environment's name: the variables with which the Pulumi CLI reaches its backend, secrets and Azure."""
