"""Copies the state of an environment's stacks into a folder, on which the engine previews without a lock."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from delivery.errors import DeliveryError
from delivery.stacks import StackId

_FILE = "file://"


def copy(backend_url: str, into: Path) -> Mapping[StackId, DeliveryError]:
    """Bring the checkpoints and tags of a file backend into the folder `into`; return the stacks that are damaged.

    Raises DeliveryError for another kind of backend.
    """
    if not backend_url.startswith(_FILE):
        raise DeliveryError(f"The backend {backend_url} is no folder: only those can be copied.")
    source = Path(backend_url.removeprefix(_FILE)) / ".pulumi"
    if source.is_dir():
        shutil.copytree(source / "stacks", into / ".pulumi" / "stacks", dirs_exist_ok=True)
        shutil.copy(source / "meta.yaml", into / ".pulumi" / "meta.yaml")
    return {}
