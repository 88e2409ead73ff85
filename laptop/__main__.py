"""Command line of the laptop: `./dev local [status|down|reset]` and `./dev env ENVIRONMENT`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from delivery.errors import DeliveryError
from delivery.toolchain import ToolchainError
from laptop import down, env, status, up
from laptop.errors import LaptopError
from laptop.layout import Layout
from shared.documents import DocumentError

PORT_VARIABLE = "MODEL_GATEWAY_PORT"
_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code: 0, 1 with a sentence on stderr, 2 for a wrong command line."""
    options = _parser().parse_args(_with_default_command(arguments))
    layout = Layout(Path(__file__).resolve().parent.parent)
    console = Console(soft_wrap=True)
    try:
        _run(options, layout, console)
    except (LaptopError, DeliveryError, ToolchainError, DocumentError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(
            "\nInterrupted. `./dev local` goes on from here; `./dev local down` ends what still runs.\n"
        )
        return _INTERRUPTED
    return 0


def _run(options: argparse.Namespace, layout: Layout, console: Console) -> None:
    match options.command:
        case "up":
            up.up(layout, console, port=options.port, only=tuple(options.model or ()))
        case "status":
            status.status(layout, console)
        case "down":
            down.down(layout, console)
        case "reset":
            down.reset(layout, console)
        case "env":
            sys.stdout.write(env.env(layout, options.environment) + "\n")


def _with_default_command(arguments: Sequence[str]) -> list[str]:
    """Return `arguments` with the command `up` where only its options, or nothing, are given."""
    if arguments and (not arguments[0].startswith("-") or arguments[0] in {"-h", "--help"}):
        return list(arguments)
    return ["up", *arguments]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev local", description="The whole system on this machine, with no Azure subscription."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser(
        "up", help="deploy everything to the local Azure and call the model (the default)"
    )
    start.add_argument(
        "--port",
        type=int,
        default=os.environ.get(PORT_VARIABLE),
        help=f"first of five ports (default: {PORT_VARIABLE}, or the last used, or 7500)",
    )
    start.add_argument("--model", action="append", help="deploy only this model; may be repeated")
    commands.add_parser("status", help="show what runs and what is deployed")
    commands.add_parser("down", help="end the local Azure and the model server; their state stays")
    commands.add_parser("reset", help="end them and forget their state")
    variables = commands.add_parser(
        "env", help="print the variables with which pulumi works on an environment"
    )
    variables.add_argument("environment", nargs="?", default="local")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
