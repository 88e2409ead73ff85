"""Command line of the laptop: `./dev local [status|down|reset]` and `./dev env ENVIRONMENT`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from delivery.errors import DeliveryError
from delivery.toolchain import ToolchainError
from laptop import bytecode, disk, down, env, status, up
from laptop.errors import LaptopError
from laptop.layout import Layout
from laptop.ports import DEFAULT_BASE
from local_azure.model_servers.errors import ModelServerError
from shared.documents import DocumentError

PORT_VARIABLE = "MODEL_GATEWAY_PORT"


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code: 0, 1 with a sentence on stderr, 2 for a wrong command line."""
    options = _parsed(arguments)
    layout = Layout(Path(__file__).resolve().parent.parent)
    console = Console(soft_wrap=True)
    try:
        _run(options, layout, console)
    except (LaptopError, ModelServerError, DeliveryError, ToolchainError, DocumentError, OSError) as error:
        sys.stderr.write(f"{disk.explain(error, layout.root)}\n")
        if not bytecode.has_room(layout.root):
            bytecode.forget(layout.root)
        return 1
    return 0


def _run(options: argparse.Namespace, layout: Layout, console: Console) -> None:
    match options.command:
        case "up":
            up.up(layout, console, port=_port(options.port), only=options.model)
        case "status":
            status.status(layout, console)
        case "down":
            down.down(layout, console)
        case "reset":
            down.reset(layout, console)
        case "env":
            sys.stdout.write(env.env(layout, options.environment) + "\n")


def _port(option: int | None) -> int | None:
    """Return the first port that the command line or the environment names, or None.

    Raises LaptopError when the variable holds no whole number.
    """
    named = os.environ.get(PORT_VARIABLE)
    if option is not None or not named:
        return option
    if not named.isdecimal():
        raise LaptopError(
            f"{PORT_VARIABLE} is {named!r}: set it to the first of six free ports, such as 7500."
        )
    return int(named)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    if arguments[:1] == ["env"]:
        return _env_parser().parse_args(arguments[1:])
    return _local_parser().parse_args(arguments)


def _local_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev local",
        description="The whole system on this machine, with no Azure subscription.",
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument(
        "command",
        nargs="?",
        default="up",
        choices=("up", "status", "down", "reset"),
        help="up      deploy everything to the local Azure and call each model (the default)\n"
        "status  show what runs\n"
        "down    end the local Azure and the model servers; their state stays\n"
        "reset   end them and forget their state",
    )
    parser.add_argument(
        "--port",
        type=int,
        help=f"up: first of six ports (default: {PORT_VARIABLE}, or the last used, or {DEFAULT_BASE})",
    )
    parser.add_argument(
        "--model", action="append", default=[], help="up: deploy only this model; may be repeated"
    )
    return parser


def _env_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev env",
        description="Print the variables with which pulumi, typed by hand, works on an environment.",
    )
    parser.set_defaults(command="env")
    parser.add_argument("environment", nargs="?", default="local")
    return parser
