"""Command line of the benchmarks.

`./dev bench` and `./dev bench-delivery` measure, `./dev fleet N` makes model folders for tests of scale.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import bench, delivery, fleet, machine, page
from benchmarks.errors import BenchmarkError
from delivery.errors import DeliveryError
from laptop.errors import LaptopError
from local_azure.model_servers.errors import ModelServerError

_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code: 0, 1 with a sentence on stderr, 2 for a wrong command line."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "fleet":
            _fleet(options.count, options.into)
        elif options.command == "bench-delivery":
            _deliveries(options.into, quick=options.quick)
        else:
            _bench(options.into, quick=options.quick)
    except (BenchmarkError, LaptopError, DeliveryError, ModelServerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _fleet(count: int, into: Path | None) -> None:
    scratch = fleet.make(count, into, _tell)
    names = fleet.names(count)
    sys.stdout.write(
        f"{count} models in {scratch.root}: {names[0]} to {names[-1]}\n"
        f"  cd {scratch.root} && ./dev local --model {names[0]}\n"
    )


def _bench(into: Path | None, *, quick: bool) -> None:
    own = bench.run(bench.QUICK if quick else bench.FULL, _tell)
    _write(into, own, page.with_own_part, quick=quick)


def _deliveries(into: Path | None, *, quick: bool) -> None:
    size = delivery.QUICK if quick else delivery.FULL
    found = delivery.run(size, _tell)
    about = page.about_run(machine.describe(), datetime.now(UTC).date(), rough=quick)
    part = page.render_deliveries(size.models, found.tables(), found.told(), about)
    _write(into, part, page.with_deliveries, quick=quick)


def _write(into: Path | None, part: str, within: Callable[[str, str], str], *, quick: bool) -> None:
    """Print what was measured, and put it in its place in a file; only a whole run changes the page unasked."""
    file = into or (None if quick else bench.PAGE)
    if file is not None:
        before = file.read_text(encoding="utf-8") if file.is_file() else ""
        file.write_text(within(before, part), encoding="utf-8")
    sys.stdout.write(part)


def _tell(doing: str) -> None:
    sys.stderr.write(f"  {doing}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, about in (
        ("bench", "measure deployments and the gateway"),
        ("bench-delivery", "measure deliveries"),
    ):
        measuring = commands.add_parser(name, help=f"{about}, and write docs/benchmarks.md")
        measuring.add_argument(
            "--quick", action="store_true", help="little of everything: it works, the figures are rough"
        )
        measuring.add_argument(
            "--into", type=Path, help="the file to write (default: the page; with --quick none)"
        )
    of_fleet = commands.add_parser("fleet", help="add model folders to a scratch copy of this repository")
    of_fleet.add_argument("count", type=int, help=f"how many models, 1 to {fleet.MOST}")
    of_fleet.add_argument("--into", type=Path, help="the copy's folder (default: a new temporary one)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
