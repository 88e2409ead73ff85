"""actionlint and act, built once from the Go module that tools/actions pins, and kept in the user's cache.

Neither is served as a package of Python. The module's checksums say what is built; see delivery/toolchain.
"""

import os
import platform
import sys
from pathlib import Path

from delivery.toolchain import Settings, ToolchainError, build, cache
from delivery.toolchain.model import Report

MODULE = Path(__file__).resolve().parents[1] / "actions"
PACKAGES = {"actionlint": "github.com/rhysd/actionlint/cmd/actionlint", "act": "github.com/nektos/act"}
"""Import path by program."""


def ensure(program: str, report: Report, settings: Settings | None = None) -> Path:
    """Return the path of actionlint or of act, which is built unless it is kept; tell `report` what takes time.

    Raises ToolchainError when it cannot be built, with what helps.
    """
    places = settings or Settings.from_environment()
    machine = f"{sys.platform}-{platform.machine()}"
    folder = places.cache.with_name("workflows") / f"{program}-{build.fingerprint_of(MODULE)}-{machine}"
    if cache.is_whole(folder, (program,)):
        return folder / program
    with cache.exclusive(folder.parent, report, "the linters of workflows"):
        if not cache.is_whole(folder, (program,)):
            _build(program, folder, places, report)
    return folder / program


def _build(program: str, folder: Path, places: Settings, report: Report) -> None:
    try:
        go = build.find_go(places.path, MODULE)
        report(f"Building {program} with {go.program}: once, a minute or less.")
        with cache.publishing(folder, (program,)) as work:
            target = os.fspath(work / program)
            options = ("-mod=readonly", "-trimpath")
            go.run("build", *options, "-o", target, PACKAGES[program], module=MODULE, report=report)
    except ToolchainError as error:
        raise ToolchainError(
            f"{program} cannot be built: {error}. Install Go {build.needed_version(MODULE)} or newer "
            "(https://go.dev/dl/) and let it reach its modules."
        ) from error
