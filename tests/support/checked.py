"""A copy of what `./dev check` and `./dev new-model` read of this repository, for tests to change."""

import shutil
from pathlib import Path

from shared.environments import REPOSITORY


def copy_checked(into: Path) -> Path:
    """Copy environments, models, settings of the platforms and what is made from models; return the root."""
    for part in ("environments", "models"):
        shutil.copytree(REPOSITORY / part, into / part)
    settings = [
        str(file.relative_to(REPOSITORY)) for file in REPOSITORY.glob("stacks/platform/Pulumi.*.yaml")
    ]
    for part in ("pyproject.toml", ".github/CODEOWNERS", *settings):
        (into / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / part, into / part)
    return into
