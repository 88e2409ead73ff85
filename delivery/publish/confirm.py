"""`./dev publish confirm`: whether what somebody typed on GitHub fits together, before anything is touched."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from delivery.errors import DeliveryError
from shared import environments
from shared.environments import LOCAL

# What cannot be taken for an option, and needs no quotes. Which models and revisions there are is checked by who uses
# them: the folder of a model that is to be destroyed may be gone already.
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_REVISION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/~^-]*")


class Deed(StrEnum):
    """What is confirmed."""

    ROLLBACK = "rollback"
    DESTROY = "destroy"


@dataclass(frozen=True)
class Wish:
    """What somebody typed."""

    deed: Deed
    environment: str
    model: str = ""
    """Empty for all of an environment, which only a destruction is about."""
    revision: str = ""
    """Empty for what was deployed before."""
    confirmed: str = ""

    @property
    def target(self) -> str:
        """Return what has to be typed once more."""
        return f"{self.model}.{self.environment}" if self.model else self.environment


def check(wish: Wish, root: Path) -> None:
    """Raise DeliveryError or DocumentError, with a sentence on what to type, unless all of it fits together."""
    environments.load(wish.environment, root)
    if wish.environment == LOCAL:
        raise DeliveryError(f"{LOCAL} is a laptop's own environment: use `./dev {wish.deed}` there.")
    if wish.deed is Deed.ROLLBACK and not wish.model:
        raise DeliveryError("Name the model to roll back: a rollback is about one model.")
    if wish.model and not _NAME.fullmatch(wish.model):
        raise DeliveryError(f"{wish.model!r} is no model's name: type the name of its folder in models/.")
    if wish.revision and not _REVISION.fullmatch(wish.revision):
        raise DeliveryError(f"{wish.revision!r} is no revision: type a commit, or leave it empty.")
    if wish.confirmed != wish.target:
        typed = repr(wish.confirmed) if wish.confirmed else "nothing"
        raise DeliveryError(
            f"Not confirmed: to {wish.deed} {_told(wish)}, type {wish.target} as the confirmation, not {typed}."
        )


def _told(wish: Wish) -> str:
    return f"{wish.model} in {wish.environment}" if wish.model else f"all of {wish.environment}"
