"""`python -m laptop`: an interrupt ends it without a traceback, also while it still loads."""

import sys
from pathlib import Path

from laptop import bytecode

INTERRUPTED = 130
"""The exit code that shells give a program which an interrupt ended."""


def run() -> int:
    """Run the command line of this process; return its exit code."""
    sys.dont_write_bytecode = sys.dont_write_bytecode or not bytecode.has_room(Path(__file__).parent)
    try:
        from laptop.command import main  # noqa: PLC0415 - loading takes a second, in which it may be interrupted

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write(
            "\nInterrupted. `./dev local` goes on from here; `./dev local down` ends what still runs.\n"
        )
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
