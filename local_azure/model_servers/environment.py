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


def ensure(lock: Path, cache: Path, report: Callable[[str], None]) -> Path:
    """Return the `bin` folder of an environment with exactly the packages that `lock` pins by hash.

    `cache` is the folder that keeps environments between clones.
    Built aside and renamed when whole, so that an interruption leaves nothing half built; two processes
    take turns.

    Raises ModelServerError when no fitting Python can be had, a package cannot be installed, or the cache cannot
    be written.
    """
    digest = hashlib.sha256(lock.read_bytes() + PYTHON.encode()).hexdigest()[:16]
    target = cache / digest
    if target.exists():
        return target / "bin"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{digest}.lock"):
            if not target.exists():
                _build(lock, target, report)
    except OSError as error:
        raise ModelServerError(
            f"The cache of model server environments {cache} cannot be written ({error.strerror or error}): "
            "set XDG_CACHE_HOME to a folder that can."
        ) from error
    return target / "bin"


def _build(lock: Path, target: Path, report: Callable[[str], None]) -> None:
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    report("installing the model server's environment")
    try:
        # Relocatable: the scripts find their interpreter beside them, so that the folder can be renamed.
        _uv(["venv", "--relocatable", "--no-project", "--python", PYTHON, str(unfinished)], unfinished)
        _uv(["pip", "sync", "--require-hashes", str(lock)], unfinished)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _uv(arguments: list[str], environment: Path) -> None:
    done = subprocess.run(  # noqa: S603 - the commands are this module's own
        [_uv_binary(), "--quiet", *arguments],
        env={**os.environ, "VIRTUAL_ENV": str(environment)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ModelServerError(
            f"The model server's environment (Python {PYTHON}) could not be made: "
            f"`uv {' '.join(arguments)}` said:\n{done.stderr.strip()}\n"
            "Install Python 3.11 or 3.12 (or let uv download one), or give this machine access to the package index."
        )


def _uv_binary() -> str:
    from uv import find_uv_bin  # noqa: PLC0415 - only the first start needs it

    return find_uv_bin()
