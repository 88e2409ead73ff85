"""A tree in which one model's folder is that of an earlier revision, and everything else is of today."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from delivery.errors import DeliveryError
from delivery.planning import trees
from shared.documents import DocumentError
from shared.model import contracts, description

# What stack programs read, and what their digest is made from: delivery/planning/inputs.py.
_OF_TODAY = ("shared", "stacks", "environments", "requirements")
_ENVIRONMENT = ".venv"


@contextmanager
def old_tree(root: Path, model: str, revision: str) -> Iterator[Path]:
    """Give a folder that stays until the block ends, with `models/<model>/` alone of the models, as it was then.

    Programs that are run in it need it on PYTHONPATH, before the tree that the environment was installed from.
    Raises DeliveryError when there is no such revision, or it had no such model.
    """
    with TemporaryDirectory(prefix="model-gateway-") as name, trees.exported(root, revision) as exported:
        folder = exported / "models" / model
        if not (folder / "model.yaml").is_file():
            raise DeliveryError(
                f"models/{model}/ is not in {short(revision)}: name a revision that has it. "
                f"`git log --oneline -- models/{model}` lists them."
            )
        made = Path(name)
        for part in _OF_TODAY:
            shutil.copytree(root / part, made / part, symlinks=True)
        shutil.copytree(folder, made / "models" / model, symlinks=True)
        (made / _ENVIRONMENT).symlink_to(root / _ENVIRONMENT)
        yield made


def require_valid(tree: Path, model: str, environment: str, revision: str) -> None:
    """Raise DeliveryError when the programs of today refuse the folder of then, with all that they say about it."""
    try:
        contracts.load(model, description.load(model, environment, root=tree), root=tree)
    except DocumentError as error:
        raise DeliveryError(
            f"models/{model}/ of {short(revision)} does not fit the programs of today:\n{error}\n"
            "Name another revision with --to, or bring back by hand what of it still fits."
        ) from error


def short(revision: str) -> str:
    """Return a revision as people write it."""
    return revision[:12]
