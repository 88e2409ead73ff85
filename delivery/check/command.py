"""`./dev check`: whether all models are right."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from delivery.check import generated, output, repository, surroundings
from shared.errors import UserError


def main(arguments: Sequence[str], root: Path) -> int:
    """Run the command; return its exit code: 0, 1 when something is wrong, 2 for a wrong command line."""
    options = parser().parse_args(arguments)
    try:
        everywhere = surroundings.of_all(root)
        if options.write:
            generated.write(root, generated.texts(root, everywhere))
        report = repository.check(root, everywhere, options.today or datetime.now(UTC).date())
    except (UserError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = "".join(f"{line}\n" for line in output.lines(report))
    (sys.stderr if report.count else sys.stdout).write(text)
    return 1 if report.count else 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    about = "Check all models in all environments, and the files that are made from them."
    made = argparse.ArgumentParser(prog="./dev check", description=about)
    made.add_argument(
        "--write",
        action="store_true",
        help="first write anew what is made from the models: models/model.schema.json and .github/CODEOWNERS",
    )
    made.add_argument(
        "--today",
        type=_day,
        metavar="DATE",
        help="the day by which sunsets are judged (default: today, in UTC)",
    )
    return made


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write one like 2026-11-24") from error
