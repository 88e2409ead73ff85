"""`./dev report FOLDER`: the records of a delivery as one Markdown document."""

import argparse
import sys
from pathlib import Path

from delivery import records
from delivery.context import Context
from delivery.report.render import report
from delivery.running.upstream_notes import with_upstream_notes
from shared import environments


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line of `delivery`."""
    parser = subparsers.add_parser("report", help="write the records of a delivery as one Markdown document")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that was given as --results")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write it there, and not to standard output"
    )
    parser.add_argument(
        "--artifact-url", default="", metavar="URL", help="where the whole report is, when it has to be cut"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Write the report; return the exit code.

    A report that is too long for a comment is cut; beside FILE the whole then stands in `<name>.whole.md`. Raises
    DeliveryError when the folder holds no records.
    """
    found = with_upstream_notes(records.read(options.folder))
    made = report(found, tuple(environments.load_all(context.root)), options.artifact_url)
    if options.markdown is None:
        sys.stdout.write(made.text)
        return 0
    file: Path = options.markdown
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(made.text, encoding="utf-8")
    whole = file.with_suffix(".whole.md")
    whole.unlink(missing_ok=True)
    if made.whole != made.text:
        whole.write_text(made.whole, encoding="utf-8")
    return 0
