"""A setting of a layer, as its stack file has it: for who tells about a layer without running its program."""

from pathlib import Path

from pydantic import JsonValue

from delivery.stacks import StackId
from shared.documents import read_yaml


def source(stack: StackId) -> str:
    """Return the path of a layer's stack file in the repository."""
    return f"stacks/{stack.project}/Pulumi.{stack.name}.yaml"


def written(stack: StackId, key: str, root: Path) -> JsonValue:
    """Return what the repository at `root` sets for a layer, such as `owner`; None where it sets nothing.

    Raises DocumentError when there is no such file, or it is no YAML.
    """
    document = read_yaml(root / source(stack), source(stack))
    settings = document.get("config") if isinstance(document, dict) else None
    return settings.get(f"{stack.project}:{key}") if isinstance(settings, dict) else None
