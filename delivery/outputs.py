"""What stacks export, read from the checkpoints of a file backend: no process for each, and no secret opened."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from delivery import checkpoint
from delivery.errors import DeliveryError
from delivery.stacks import StackId

_STACK = "pulumi:pulumi:Stack"
_ENDINGS = (".json", ".json.gz")


def read(backend: Path, stack: StackId) -> Mapping[str, JsonValue] | None:
    """Return the outputs of `stack` in the file backend at `backend`; None where it has no checkpoint.

    A secret output is what the state holds: its ciphertext. Raises DeliveryError when the checkpoint is damaged.
    """
    folder = backend / ".pulumi" / "stacks" / stack.project
    file = next((file for end in _ENDINGS if (file := folder / f"{stack.name}{end}").is_file()), None)
    if file is None:
        return None
    try:
        found = checkpoint.resources(file.read_bytes())
    except ValueError as error:
        raise DeliveryError(
            f"The checkpoint of {stack} is damaged: bring back an earlier version of "
            f".pulumi/stacks/{stack.project}/{file.name} in its backend."
        ) from error
    return next((each.outputs for each in found if each.type == _STACK), {})
