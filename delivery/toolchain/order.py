"""The three ways in their order."""

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from delivery.toolchain import build, cache, on_path, pins, release
from delivery.toolchain.model import Report, Source, Toolchain, ToolchainError
from delivery.toolchain.settings import Settings


@dataclass(frozen=True)
class Way:
    """One way to obtain a tool chain, and the folder that keeps the result."""

    source: Source
    folder: Path
    obtain: Callable[[Path, Settings, Report], None]

    @property
    def result(self) -> Toolchain:
        """What this way leads to."""
        return Toolchain(bin=self.folder, version=pins.VERSION, source=self.source)


def ensure(report: Report, settings: Settings | None = None) -> Toolchain:
    """Find or obtain the tool chain, telling `report` what takes time.

    Works when several processes call it at once, and leaves nothing half-made when interrupted. Raises
    ToolchainError, whose sentence names the three ways and why each did not work here.
    """
    if sys.platform == "win32":
        raise ToolchainError("Windows is not supported: use the Windows Subsystem for Linux.")
    places = settings or Settings.from_environment()
    try:
        return on_path.find(places.path)
    except ToolchainError as error:
        reasons = {Source.PATH: str(error)}
    ways = obtainable(places)
    kept = from_cache(ways)
    if kept is not None:
        return kept
    with cache.exclusive(places.cache, report):
        return from_cache(ways) or obtain_first(ways, places, report, reasons)


def environment(toolchain: Toolchain, path: str | None = None) -> dict[str, str]:
    """Return the variable PATH with which programs find the tool chain, to be merged into an environment."""
    searched = os.environ.get("PATH", os.defpath) if path is None else path
    if toolchain.source is Source.PATH:
        return {"PATH": searched}
    return {"PATH": os.pathsep.join([os.fspath(toolchain.bin), searched])}


def obtainable(places: Settings) -> tuple[Way, ...]:
    """Return the ways that end in the cache; a folder's name says everything that its content depends on."""
    machine = f"{sys.platform}-{platform.machine()}"
    built_from = build.fingerprint(places.modules)
    return (
        Way(Source.RELEASE, places.cache / f"pulumi-{pins.VERSION}-release-{machine}", release.obtain),
        Way(Source.BUILD, places.cache / f"pulumi-{pins.VERSION}-build-{built_from}-{machine}", build.obtain),
    )


def from_cache(ways: tuple[Way, ...]) -> Toolchain | None:
    """Return what was obtained before, if anything."""
    return next((way.result for way in ways if cache.is_whole(way.folder)), None)


def obtain_first(
    ways: tuple[Way, ...], places: Settings, report: Report, reasons: dict[Source, str]
) -> Toolchain:
    """Obtain the tool chain the first way that works; only the holder of the cache's lock calls this."""
    report(f"No usable Pulumi on PATH: {reasons[Source.PATH]}.")
    for way in ways:
        try:
            with cache.publishing(way.folder) as work:
                way.obtain(work, places, report)
        except (ToolchainError, OSError) as error:
            reasons[way.source] = str(error)
            report(f"Not {way.source.value}: {error}.")
        else:
            report(f"Pulumi {pins.VERSION} is ready in {way.folder}.")
            return way.result
    raise ToolchainError(refusal(places, reasons))


def refusal(places: Settings, reasons: dict[Source, str]) -> str:
    """Tell why no way worked, and what helps."""
    go = build.needed_version(places.modules / "cli")
    return (
        f"There is no Pulumi {pins.VERSION} or newer. On PATH: {reasons[Source.PATH]}. "
        f"The official release: {reasons[Source.RELEASE]}. A build with Go: {reasons[Source.BUILD]}. "
        f"One of these helps: install Pulumi (https://www.pulumi.com/docs/install/); let this machine reach "
        f"{places.archives} and {places.checksums}; or install Go {go} or newer "
        "(https://go.dev/dl/) and let it reach its modules."
    )
