"""`python -m delivery.toolchain [COMMAND ...]`: where pulumi comes from, or a command with it on PATH."""

import os
import shutil
import sys
from typing import NoReturn

from delivery.toolchain import Toolchain, ToolchainError, ensure, environment


def main(command: list[str]) -> int:
    """Return an exit code; a command that is found takes this process over instead."""
    try:
        toolchain = ensure(tell)
    except ToolchainError as error:
        tell(str(error))
        return 1
    if not command:
        sys.stdout.write(f"{summary(toolchain)}\n")
        return 0
    variables = os.environ | environment(toolchain)
    program = shutil.which(command[0], path=variables["PATH"])
    if program is None:
        tell(f"There is no command {command[0]!r} on PATH.")
        return 127
    return become(program, command, variables)


def become(program: str, command: list[str], variables: dict[str, str]) -> NoReturn:
    """Replace this process, so that signals and the exit code are the command's own."""
    os.execve(program, command, variables)  # noqa: S606 - no shell is wanted


def tell(line: str) -> None:
    """Write a line about progress or failure, apart from what the command prints."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def summary(toolchain: Toolchain) -> str:
    """Render version, source and folder in one line."""
    return f"pulumi {toolchain.version} is {toolchain.source.value}: {toolchain.bin}"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
