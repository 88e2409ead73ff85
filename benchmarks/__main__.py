"""Command line of the benchmarks: `fleet N` makes model folders for tests of scale."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import fleet
from benchmarks.errors import BenchmarkError
from laptop.errors import LaptopError
from local_azure.model_servers.errors import ModelServerError


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code: 0, 1 with a sentence on stderr, 2 for a wrong command line."""
    options = _parser().parse_args(arguments)
    try:
        _fleet(options.count, options.into)
    except (BenchmarkError, LaptopError, ModelServerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _fleet(count: int, into: Path | None) -> None:
    scratch = fleet.make(count, into, _tell)
    names = fleet.names(count)
    sys.stdout.write(
        f"{count} models in {scratch.root}: {names[0]} to {names[-1]}\n"
        f"  cd {scratch.root} && ./dev local --model {names[0]}\n"
    )


def _tell(doing: str) -> None:
    sys.stderr.write(f"  {doing}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev")
    commands = parser.add_subparsers(required=True)
    of_fleet = commands.add_parser("fleet", help="add model folders to a scratch copy of this repository")
    of_fleet.add_argument("count", type=int, help=f"how many models, 1 to {fleet.MOST}")
    of_fleet.add_argument("--into", type=Path, help="the copy's folder (default: a new temporary one)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
