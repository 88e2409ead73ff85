"""Which stacks there are, and where their programs live."""

from dataclasses import dataclass
from pathlib import Path

from shared.projects import FOUNDATION, MODEL, PLATFORM, model_stack


@dataclass(frozen=True)
class StackId:
    """One Pulumi stack of this repository.

    `project` is the Pulumi project's name and the folder below `stacks/`; `name` the stack's name in it.
    """

    project: str
    name: str

    def directory(self, root: Path) -> Path:
        """Return the folder of the stack's Pulumi project in the repository at `root`."""
        return root / "stacks" / self.project

    def __str__(self) -> str:
        """Return `project/stack`, as the Pulumi CLI writes it."""
        return f"{self.project}/{self.name}"


def foundation(environment: str) -> StackId:
    """Return the stack that holds the resource group, network, vault and identity of `environment`."""
    return StackId(FOUNDATION, environment)


def platform(environment: str) -> StackId:
    """Return the stack that holds API Management of `environment`."""
    return StackId(PLATFORM, environment)


def model(name: str, environment: str) -> StackId:
    """Return the stack that holds the API of the model `name` in `environment`."""
    return StackId(MODEL, model_stack(name, environment))
