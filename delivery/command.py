"""Command line of the deliveries: `./dev plan`, `preview`, `up` and the others."""

import argparse
import sys
from collections.abc import Sequence

from delivery.bootstrap import command as bootstrap
from delivery.compat import command as compat
from delivery.context import Context
from delivery.drift import command as drift
from delivery.errors import DeliveryError
from delivery.planning import command as plan
from delivery.publish import command as publish
from delivery.report import command as report
from delivery.rollback import command as rollback
from delivery.running import command as running
from delivery.running.stopping import INTERRUPTED
from delivery.smoke import command as smoke
from delivery.toolchain import ToolchainError
from shared.errors import UserError


def main(arguments: Sequence[str], context: Context) -> int:
    """Run one command; return its exit code.

    0: done. 1: a sentence on stderr says why not. 2: a wrong command line. 3: drift was found. 130: interrupted, by
    Ctrl-C or SIGTERM.
    """
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options, context)
    except KeyboardInterrupt:  # while nothing runs that has to end in its own way
        sys.stderr.write("\nInterrupted.\n")
        return INTERRUPTED
    except (DeliveryError, ToolchainError, UserError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    made = argparse.ArgumentParser(prog="./dev", description="Deliver stacks to an environment.")
    subparsers = made.add_subparsers(required=True, metavar="COMMAND")
    plan.add_parser(subparsers)
    compat.add_parser(subparsers)
    running.add_parsers(subparsers)
    publish.add_parser(subparsers)
    smoke.add_parser(subparsers)
    drift.add_parser(subparsers)
    report.add_parser(subparsers)
    bootstrap.add_parser(subparsers)
    rollback.add_parser(subparsers)
    return made
