"""Settings of a layer, as its stack file has them: for who tells about a layer without running its program."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from delivery.stacks import StackId
from shared.documents import read_yaml


def source(stack: StackId) -> str:
    """Return the path of a layer's stack file in the repository."""
    return f"stacks/{stack.project}/Pulumi.{stack.name}.yaml"


def settings(stack: StackId, root: Path) -> Mapping[str, JsonValue]:
    """Return what the repository at `root` sets for a layer, by names such as `owner`.

    Raises DocumentError when there is no such file, or it is no YAML.
    """
    document = read_yaml(root / source(stack), source(stack))
    found = document.get("config") if isinstance(document, dict) else None
    prefix = f"{stack.project}:"
    return {
        key.removeprefix(prefix): value
        for key, value in (found.items() if isinstance(found, dict) else ())
        if key.startswith(prefix)
    }


def written(stack: StackId, key: str, root: Path) -> JsonValue:
    """Return one of the `settings` of a layer; None where the repository sets nothing.

    Raises DocumentError when there is no such file, or it is no YAML.
    """
    return settings(stack, root).get(key)
