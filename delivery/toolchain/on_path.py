"""The first way: a tool chain that somebody installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from delivery.toolchain import pins
from delivery.toolchain.model import CLI, LANGUAGE_HOST, PROGRAMS, Source, Toolchain, ToolchainError

Version = tuple[int, int, int, bool]
"""Major, minor, patch, and whether it is a release: a pre-release comes before its release."""

ANSWER_SECONDS = 30


def find(path: str) -> Toolchain:
    """Return the tool chain on `path`; ToolchainError tells what is missing or too old."""
    program = shutil.which(CLI, path=path)
    if program is None:
        raise ToolchainError("there is no pulumi")
    version = version_of(Path(program))
    if not recent_enough(version):
        raise ToolchainError(f"{program} is version {version}, {pins.VERSION} or a newer 3.x is needed")
    folder = Path(program).parent
    host = shutil.which(LANGUAGE_HOST, path=os.pathsep.join([os.fspath(folder), path]))
    if host is None:
        raise ToolchainError(f"{program} has no {LANGUAGE_HOST} beside it, nor is one on PATH")
    helper = Path(host).with_name(PROGRAMS[-1])
    if not helper.is_file():  # the host gives it to a Python, so it need not be executable
        raise ToolchainError(f"{host} lacks {helper.name} beside it")
    return Toolchain(bin=folder, version=version, source=Source.PATH)


def version_of(program: Path) -> str:
    """Ask a CLI for its version, without the leading v."""
    variables = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(  # noqa: S603 - the pulumi on PATH
            [program, "version"],
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=ANSWER_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolchainError(f"{program} does not tell its version ({error})") from error
    return answer.stdout.strip().removeprefix("v")


def recent_enough(version: str) -> bool:
    """Whether a CLI of this version is at least the pinned one, and of the same major version."""
    have, least = parse(version), parse(pins.VERSION)
    return have is not None and least is not None and have[0] == least[0] and have >= least


def parse(version: str) -> Version | None:
    """Read a semantic version; `None` for anything else."""
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)(-[^+]+)?(\+.+)?", version)
    if match is None:
        return None
    return int(match[1]), int(match[2]), int(match[3]), match[4] is None
