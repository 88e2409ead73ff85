"""The third way: a build from the two Go modules that tools/pulumi pins (each dependency with its checksum).

The language host of the pinned version is not served as a module. The newest one that is works with the CLI;
the script that must stand beside it is taken from the CLI's own sdk module.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from delivery.toolchain import pins
from delivery.toolchain.model import CLI, LANGUAGE_HOST, PROGRAMS, Report, ToolchainError
from delivery.toolchain.settings import Settings

SDK = "github.com/pulumi/pulumi/sdk/v3"
CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
HOST_PACKAGE = f"{SDK}/python/cmd/pulumi-language-python"

PROGRESS_SECONDS = 15
TOLD_LINES = 3

# From this version on, go itself obtains a newer Go that a module asks for: https://go.dev/doc/toolchain
FETCHES_NEWER_GO = (1, 21)


@dataclass(frozen=True)
class Go:
    """The go command and how it is run: nothing of the user's workspace, no version control."""

    program: str

    def run(self, *arguments: str, module: Path, report: Report) -> str:
        """Run a go command in a module, telling the time now and then; return its output."""
        flags = f"{os.environ.get('GOFLAGS', '')} -buildvcs=false".strip()
        variables = os.environ | {"GOFLAGS": flags, "GOWORK": "off"}
        started = time.monotonic()
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(  # noqa: S603 - the go on PATH
                [self.program, *arguments],
                cwd=module,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                while not ended(process, PROGRESS_SECONDS):
                    report(f"  {time.monotonic() - started:.0f} s")
            finally:
                process.terminate()
                process.wait()
            output.seek(0)
            lines = output.read().strip()
        if process.returncode != 0:
            told = " | ".join(lines.splitlines()[-TOLD_LINES:])
            raise ToolchainError(f"go {arguments[0]} in {module} failed: {told or process.returncode}")
        return lines


def obtain(work: Path, settings: Settings, report: Report) -> None:
    """Build the CLI and the language host into `work`; ToolchainError tells what went wrong."""
    cli = settings.modules / "cli"
    go = find_go(settings.path, cli)
    report(f"Building pulumi {pins.VERSION} with {go.program}: once, some minutes.")
    stamp = (
        f"-X {SDK}/go/common/version.Version=v{pins.VERSION}"  # the Automation API refuses a CLI without one
    )
    options = ("-mod=readonly", "-trimpath")
    target = os.fspath(work / CLI)
    go.run("build", *options, "-ldflags", stamp, "-o", target, CLI_PACKAGE, module=cli, report=report)
    report(f"Building {LANGUAGE_HOST}.")
    target, host = os.fspath(work / LANGUAGE_HOST), settings.modules / "language-python"
    go.run("build", *options, "-o", target, HOST_PACKAGE, module=host, report=report)
    sdk = go.run("list", "-mod=readonly", "-m", "-f", "{{.Dir}}", SDK, module=cli, report=report)
    helper = PROGRAMS[-1]
    shutil.copyfile(Path(sdk) / "python" / "cmd" / helper, work / helper)


def ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a process, but not longer than `seconds`; whether it ended."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def find_go(path: str, module: Path) -> Go:
    """Return the go on `path` that builds a module; ToolchainError: there is none, or it is too old to help itself."""
    needed = needed_version(module)
    program = shutil.which("go", path=path)
    if program is None:
        raise ToolchainError(f"there is no go on PATH, {needed} or newer is needed")
    told = Go(program).run("version", module=module, report=lambda _: None)
    match = re.search(r"go(\d+)\.(\d+)", told)
    if match is None or (int(match[1]), int(match[2])) < FETCHES_NEWER_GO:
        raise ToolchainError(f"{program} is too old ({told}), {needed} or newer is needed")
    return Go(program)


def needed_version(module: Path) -> str:
    """Read the Go version that a module asks for."""
    text = (module / "go.mod").read_text(encoding="utf-8")
    match = re.search(r"^go (\S+)$", text, re.MULTILINE)
    return match[1] if match else "a current version"


def fingerprint(modules: Path) -> str:
    """Identify what the tool chain is made from: a short digest of its modules' files."""
    return fingerprint_of(modules / "cli", modules / "language-python")


def fingerprint_of(*modules: Path) -> str:
    """Return a short digest of the files that pin what some modules are built from."""
    digest = hashlib.sha256()
    for module in modules:
        for name in ("go.mod", "go.sum"):
            digest.update((module / name).read_bytes())
    return digest.hexdigest()[:12]
