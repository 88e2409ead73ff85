"""What Python keeps of the modules that it compiled, which a full disk cuts off.

Before 3.12.8 Python takes a part that it could write for the whole (github.com/python/cpython/issues/126606): every
later start ends with `EOFError: marshal data too short`.
"""

import os
import shutil
from pathlib import Path

from laptop import disk

_FOLDER = "__pycache__"
# As much as all that a deployment imports takes.
_NEEDED_BYTES = 16 * 1024 * 1024


def has_room(root: Path) -> bool:
    """Tell whether bytecode can be kept whole on the disk of the clone at `root`."""
    return disk.has_room(root, _NEEDED_BYTES)


def forget(root: Path) -> None:
    """Remove the bytecode in the clone at `root`, which Python makes anew; call when the disk was full."""
    for folder, below, _ in os.walk(root):
        # A linked folder is not walked into: it is somebody else's.
        if _FOLDER in below:
            shutil.rmtree(Path(folder, _FOLDER), ignore_errors=True)
            below.remove(_FOLDER)
