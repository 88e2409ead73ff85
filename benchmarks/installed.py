"""Lets a copy of this repository use the environments of the original, with nothing installed again."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

_STAMP = "stamp"
_OWN_PATH = "_model_gateway.pth"


def share(root: Path, copy: Path) -> None:
    """Give `copy` the environments `.venv`, which is the one that runs now, and `.dev` of the repository at `root`.

    What is installed is linked; what names the repository's place is the copy's own: the stamps by which `./dev`
    knows an environment as current, and the path file through which stack programs import the project's packages.
    """
    _share_project_environment(Path(sys.prefix), root, copy)
    if (root / ".dev" / _STAMP).is_file():
        _share(root / ".dev", copy / ".dev", root, copy)
        (copy / ".dev" / "lib").symlink_to(root / ".dev" / "lib")


def _share_project_environment(source: Path, root: Path, copy: Path) -> None:
    target = copy / ".venv"
    _share(source, target, root, copy)
    packages = Path(sysconfig.get_path("purelib"))
    own = target / packages.relative_to(sys.prefix)
    own.mkdir(parents=True)
    for package in packages.iterdir():
        if package.name != _OWN_PATH:
            (own / package.name).symlink_to(package)
    (own / _OWN_PATH).write_text(f"{copy}{os.linesep}", encoding="utf-8")


def _share(source: Path, target: Path, root: Path, copy: Path) -> None:
    """Link the programs of an environment, and write what tells Python and `./dev` about it."""
    target.mkdir()
    (target / "bin").symlink_to(source / "bin")
    shutil.copy(source / "pyvenv.cfg", target)
    stamp = source / _STAMP
    if stamp.is_file():
        made_for = stamp.read_text(encoding="utf-8").removesuffix(f"{root}\n")
        (target / _STAMP).write_text(f"{made_for}{copy}\n", encoding="utf-8")
