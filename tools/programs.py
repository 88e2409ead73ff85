"""Programs in Go that are built once from the modules that pin them, and kept in the user's cache.

None of them is served as a package of Python. The modules' checksums say what is built; see delivery/toolchain.
"""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from delivery.toolchain import Settings, ToolchainError, build, cache
from delivery.toolchain.model import Report

_TOOLS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Program:
    """A program that is built."""

    module: Path
    """The folder of the module that pins it."""
    package: str
    """Its import path."""


PROGRAMS: Mapping[str, Program] = {
    "actionlint": Program(_TOOLS / "actions", "github.com/rhysd/actionlint/cmd/actionlint"),
    "act": Program(_TOOLS / "actions", "github.com/nektos/act"),
    "oasdiff": Program(_TOOLS / "oasdiff", "github.com/oasdiff/oasdiff"),
}


def ensure(name: str, report: Report, settings: Settings | None = None) -> Path:
    """Return the path of one of PROGRAMS, which is built unless it is kept; tell `report` what takes time.

    Raises ToolchainError when it cannot be built, with what helps.
    """
    places = settings or Settings.from_environment()
    machine = f"{sys.platform}-{platform.machine()}"
    kept = f"{name}-{build.fingerprint_of(PROGRAMS[name].module)}-{machine}"
    folder = places.cache.with_name("programs") / kept
    if cache.is_whole(folder, (name,)):
        return folder / name
    with cache.exclusive(folder.parent, report, "programs in Go"):
        if not cache.is_whole(folder, (name,)):
            _build(name, folder, places, report)
    return folder / name


def _build(name: str, folder: Path, places: Settings, report: Report) -> None:
    program = PROGRAMS[name]
    try:
        go = build.find_go(places.path, program.module)
        report(f"Building {name} with {go.program}: once, a minute or less.")
        with cache.publishing(folder, (name,)) as work:
            target = os.fspath(work / name)
            options = ("-mod=readonly", "-trimpath")
            go.run("build", *options, "-o", target, program.package, module=program.module, report=report)
    except ToolchainError as error:
        raise ToolchainError(
            f"{name} cannot be built: {error}. Install Go {build.needed_version(program.module)} or newer "
            "(https://go.dev/dl/) and let it reach its modules."
        ) from error
