"""What the tool chain is, and the error of not having one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

Report = Callable[[str], object]
"""Takes one line about what is being done."""

CLI = "pulumi"
LANGUAGE_HOST = "pulumi-language-python"
PROGRAMS = (CLI, LANGUAGE_HOST, f"{LANGUAGE_HOST}-exec")
"""The programs that a deployment needs; the last one must stand beside the language host."""


class ToolchainError(Exception):
    """No tool chain, or not this way; the message is a sentence for the user."""


class Source(Enum):
    """The three ways to a tool chain; the value reads after "pulumi is"."""

    PATH = "on PATH"
    RELEASE = "the official release"
    BUILD = "built from tools/pulumi"


@dataclass(frozen=True)
class Toolchain:
    """A usable Pulumi CLI with its Python language host."""

    bin: Path
    """The folder that holds `pulumi`."""

    version: str
    """The CLI's version, without a leading v."""

    source: Source
