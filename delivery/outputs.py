"""What stacks export, read from the checkpoints of a file backend: no process for each, and no secret opened."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, JsonValue

from delivery import stacks
from delivery.errors import DeliveryError
from delivery.stacks import StackId
from shared.layers import MODEL

_STACK = "pulumi:pulumi:Stack"
# The engine writes the second where PULUMI_SELF_MANAGED_STATE_GZIP asks for it.
_ENDINGS = (".json", ".json.gz")


class _Resource(BaseModel):
    type: str
    outputs: dict[str, JsonValue] = {}


class _Deployment(BaseModel):
    resources: tuple[_Resource, ...] = ()


class _Versioned(BaseModel):
    latest: _Deployment | None = None


class _Checkpoint(BaseModel):
    """The parts of a checkpoint that hold outputs: sdk/go/common/apitype/core.go, CheckpointV3."""

    checkpoint: _Versioned


def read(backend: Path, stack: StackId) -> Mapping[str, JsonValue] | None:
    """Return the outputs of `stack` in the file backend at `backend`; None where it has no checkpoint.

    A secret output is what the state holds: its ciphertext. Raises DeliveryError when the checkpoint is damaged.
    """
    file = _checkpoint(backend, stack)
    if file is None:
        return None
    try:
        content = file.read_bytes()
        found = _Checkpoint.model_validate(
            json.loads(gzip.decompress(content) if file.suffix == ".gz" else content)
        )
    except (ValueError, OSError, EOFError) as error:
        raise DeliveryError(
            f"The checkpoint of {stack} is damaged: bring back an earlier version of "
            f".pulumi/stacks/{stack.project}/{file.name} in its backend."
        ) from error
    resources = found.checkpoint.latest.resources if found.checkpoint.latest else ()
    return next((each.outputs for each in resources if each.type == _STACK), {})


def deployed_stacks(backend: Path, environment: str) -> tuple[StackId, ...]:
    """Return the stacks of an environment that have a checkpoint: foundation, platform, models alphabetically."""
    models = (stacks.model(name, environment) for name in deployed_models(backend, environment))
    known = (stacks.foundation(environment), stacks.platform(environment), *models)
    return tuple(stack for stack in known if _checkpoint(backend, stack))


def deployed_models(backend: Path, environment: str) -> tuple[str, ...]:
    """Return the models that have a stack in the environment, alphabetically."""
    found = {
        file.name.removesuffix(f".{environment}{end}")
        for end in _ENDINGS
        for file in (backend / ".pulumi" / "stacks" / MODEL).glob(f"*.{environment}{end}")
    }
    return tuple(sorted(found))


def _checkpoint(backend: Path, stack: StackId) -> Path | None:
    folder = backend / ".pulumi" / "stacks" / stack.project
    return next((file for end in _ENDINGS if (file := folder / f"{stack.name}{end}").is_file()), None)
