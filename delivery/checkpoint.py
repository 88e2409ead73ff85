"""What the engine keeps of a stack: its resources, in a file that may be compressed.

sdk/go/common/apitype/core.go, CheckpointV3. It is compressed where PULUMI_SELF_MANAGED_STATE_GZIP asks for it.
"""

import gzip
import zlib

from pydantic import BaseModel, JsonValue

_GZIP = b"\x1f\x8b"


class Resource(BaseModel):
    """A resource, as far as deliveries read it."""

    type: str = ""
    outputs: dict[str, JsonValue] = {}


class _Deployment(BaseModel):
    resources: tuple[Resource, ...] | None = None


class _Versioned(BaseModel):
    latest: _Deployment | None = None


class _Checkpoint(BaseModel):
    checkpoint: _Versioned


def resources(content: bytes) -> tuple[Resource, ...]:
    """Return the resources that a checkpoint holds; none for a stack that was never deployed.

    Raises ValueError when it is none.
    """
    latest = _Checkpoint.model_validate_json(unpacked(content)).checkpoint.latest
    return (latest.resources if latest else None) or ()


def unpacked(content: bytes) -> bytes:
    """Return the content of a file of a backend, as it is when it is not compressed.

    Raises ValueError when it is compressed and damaged.
    """
    try:
        return gzip.decompress(content) if content.startswith(_GZIP) else content
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(str(error)) from error
