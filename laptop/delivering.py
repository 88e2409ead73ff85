"""`python -m laptop.delivering`: an interrupt ends it without a traceback, also while it still loads."""

import signal
import sys

INTERRUPTED = 130
"""The exit code that shells give a program which an interrupt ended."""


def run() -> int:
    """Run the command line of this process; return its exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is cleaned up after Ctrl-C, is then too
    try:
        from laptop.deliveries import main  # noqa: PLC0415 - loading takes a second, in which it may be interrupted

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted before anything began.\n")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
