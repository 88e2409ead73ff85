"""A disk of a few megabytes that only its own processes see: a file system in memory, in a namespace of its own."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

# As the user, where user namespaces are allowed; otherwise as root, where that is who runs the tests.
_WAYS = (("unshare", "--user", "--map-root-user", "--mount"), ("unshare", "--mount"))
_BLOCK = 4096


@dataclass(frozen=True)
class SmallDisk:
    """A mounted small disk: its processes see it at `folder`."""

    folder: Path
    way: tuple[str, ...]
    holder: int
    """The process that keeps the namespace."""

    def command(self, directory: Path, words: Sequence[str]) -> list[str]:
        """Return the command that runs `words` in a `directory` on this disk."""
        user = ("--user",) if "--user" in self.way else ()
        into = ("nsenter", f"--target={self.holder}", *user, "--mount")
        return [*into, "sh", "-c", 'cd "$0" && exec "$@"', str(directory), *words]

    def seen(self, path: Path) -> Path:
        """Return where a process outside sees what processes inside call `path`."""
        return Path(f"/proc/{self.holder}/root{path}")

    def fill(self, leaving: int = 0) -> None:
        """Let no more than `leaving` bytes be free."""
        outside = self.seen(self.folder)
        with (outside / "ballast").open("ab", buffering=0) as ballast:
            while (free := shutil.disk_usage(outside).free - leaving) >= _BLOCK:
                ballast.write(bytes(min(free, 1 << 20)))

    def make_room(self) -> None:
        """Remove what `fill` wrote."""
        (self.seen(self.folder) / "ballast").unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a small disk at `folder` during the body; skip the test where this machine lets nobody mount one."""
    folder.mkdir()
    mount = f'mount -t tmpfs -o size={megabytes}m none "$0" && echo mounted && exec cat'
    for way in _WAYS:
        with subprocess.Popen(
            [*way, "sh", "-c", mount, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as holder:
            assert holder.stdout is not None
            if holder.stdout.readline() == b"mounted\n":
                yield SmallDisk(folder, way, holder.pid)
                return
    pytest.skip(
        "this machine lets its user make no mount namespace: neither `unshare --user` nor, as root, `unshare`"
    )
