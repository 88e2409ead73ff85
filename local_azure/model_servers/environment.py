"""The Python environment of the model server: its libraries need other versions than the project's own."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from local_azure.model_servers.errors import ModelServerError

# MLServer 1.7 runs on Python below 3.13.
PYTHON = ">=3.11,<3.13"


def cache_directory() -> Path:
    """Return where environments are kept between clones: the user's XDG cache."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "model-gateway" / "model-servers"


def ensure(lock: Path, cache: Path, report: Callable[[str], None]) -> Path:
    """Return the `bin` folder of an environment with exactly the packages that `lock` pins by hash.

    Built aside and renamed when whole, so that an interruption leaves nothing half built; two processes
    take turns.

    Raises ModelServerError when no fitting Python can be had or a package cannot be installed.
    """
    digest = hashlib.sha256(lock.read_bytes() + PYTHON.encode()).hexdigest()[:16]
    target = cache / digest
    if target.exists():
        return target / "bin"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{digest}.lock"):
        if not target.exists():
            _build(lock, target, report)
    return target / "bin"


def _build(lock: Path, target: Path, report: Callable[[str], None]) -> None:
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    report("installing the model server's environment")
    # Relocatable: the scripts find their interpreter beside them, so that the folder can be renamed.
    _uv(["venv", "--relocatable", "--no-project", "--python", PYTHON, str(unfinished)], unfinished)
    _uv(["pip", "sync", "--require-hashes", str(lock)], unfinished)
    unfinished.rename(target)


def _uv(arguments: list[str], environment: Path) -> None:
    done = subprocess.run(  # noqa: S603 - the commands are this module's own
        [_uv_binary(), "--quiet", "--no-config", *arguments],
        env={**os.environ, "VIRTUAL_ENV": str(environment)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ModelServerError(
            f"The model server's environment (Python {PYTHON}) could not be made: "
            f"`uv {' '.join(arguments)}` said:\n{done.stderr.strip()}\n"
            "Install Python 3.11 or 3.12, or give this machine access to the package index, and try again."
        )


def _uv_binary() -> str:
    from uv import find_uv_bin  # noqa: PLC0415 - only the first start needs it

    return find_uv_bin()
