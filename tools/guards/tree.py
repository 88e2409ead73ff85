"""The files of this repository."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def files(root: Path) -> list[Path]:
    """List the files that are or could be committed, relative to `root`."""
    git = shutil.which("git")
    if git is None:
        raise FileNotFoundError("git is not on PATH: the guards ask it which files belong to the tree")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603 - git
    names = [Path(name) for name in listed.stdout.split("\0") if name]
    return sorted(name for name in names if (root / name).is_file())


def texts(root: Path, names: list[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each text file with its content; binary files are passed over."""
    for name in names:
        try:
            yield name, (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
