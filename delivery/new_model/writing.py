"""A new folder, written whole or not at all."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from delivery.check import generated
from delivery.check.models import check_model
from delivery.check.surroundings import Surroundings
from delivery.errors import DeliveryError
from shared.documents import DocumentError
from shared.model import description

_MODELS = "models"


def check_name(name: str, root: Path) -> None:
    """Raise DocumentError for a name that no model can have, DeliveryError for one that is taken."""
    description.check_name(name)
    taken = next(
        (folder.name for folder in (root / _MODELS).iterdir() if folder.name.casefold() == name), None
    )
    if taken is not None:
        raise DeliveryError(f"{_MODELS}/{taken} is there already, and stays as it is. Choose another name.")


def write(
    name: str, files: Mapping[str, bytes], root: Path, everywhere: Mapping[str, Surroundings], today: date
) -> None:
    """Add the folder of a model that is right, and what is made from all models.

    Nothing is there afterwards when it is wrong or cannot be written. Raises DocumentError with all that is wrong,
    DeliveryError when somebody else was quicker, OSError when there is no room.
    """
    folder = root / _MODELS / name
    with tempfile.TemporaryDirectory(prefix=".new-model-", dir=root) as aside:
        staged = Path(aside) / _MODELS / name
        for path, content in files.items():
            (staged / path).parent.mkdir(parents=True, exist_ok=True)
            (staged / path).write_bytes(content)
        checked = check_model(name, Path(aside), everywhere, today)
        if checked.problems:
            raise DocumentError(checked.problems)
        try:
            staged.rename(folder)
        except OSError as error:
            if folder.exists():
                raise DeliveryError(f"{_MODELS}/{name} is there already, and stays as it is.") from error
            raise
    try:
        generated.write(root, generated.texts(root, everywhere))
    except BaseException:  # also when it is interrupted
        shutil.rmtree(folder, ignore_errors=True)
        raise
