"""Command line of the local Azure: `serve` runs it, `provider` is the azure-native plugin for it."""

import argparse
import sys
from pathlib import Path

LAST_PORT = 65_534
"""The gateway takes the port after ARM's, and 65,535 is the last one."""


def main(arguments: list[str]) -> int:
    """Run the command that the arguments name and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m local_azure", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve", help="serve Azure Resource Manager and the gateway on 127.0.0.1")
    server.add_argument(
        "--port", type=_port, required=True, help="ARM's port; the gateway takes the next one"
    )
    server.add_argument("--state", type=Path, required=True, help="folder that keeps the resources")
    server.add_argument(
        "--latency", type=_scale, nargs="?", const=1.0, default=0.0, metavar="SCALE",
        help="let writes take as long as Azure's, or as long as that times SCALE: 0.1 for a tenth",
    )  # fmt: skip
    server.add_argument(
        "--faults", action="store_true", help="let /faults on ARM's port make requests go wrong"
    )
    plugin = commands.add_parser(
        "provider", help="run as the azure-native resource plugin of the Pulumi engine"
    )
    plugin.add_argument(
        "engine", nargs=argparse.REMAINDER, help="what the engine tells its plugins; not needed"
    )
    parsed = parser.parse_args(arguments)
    if parsed.command == "provider":
        from local_azure.provider import main as provide  # noqa: PLC0415 - a plugin must start fast

        return provide()
    from local_azure.serve import serve  # noqa: PLC0415 - a plugin needs no server

    return serve(parsed.port, parsed.state, parsed.latency, faults=parsed.faults)


def _port(value: str) -> int:
    """Return a port whose successor is a port too."""
    try:
        port = int(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{value}' is not a number") from error
    if not 0 < port <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{port} is not between 1 and {LAST_PORT}")
    return port


def _scale(value: str) -> float:
    """Return a factor above 0."""
    try:
        scale = float(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{value}' is not a number") from error
    if not 0 < scale < float("inf"):
        raise argparse.ArgumentTypeError(f"{value} is not above 0")
    return scale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
