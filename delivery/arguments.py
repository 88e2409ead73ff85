"""Arguments that commands have in common: one name, one metavariable and one meaning for each."""

import argparse
import json
import sys
from pathlib import Path

from pydantic import JsonValue

from delivery.files import write_whole

STDOUT = "-"
"""In the place of a file's name: standard output, which then holds the JSON alone."""


def environment(parser: argparse.ArgumentParser) -> None:
    """Add `--env ENV`, which has to be given."""
    parser.add_argument("--env", required=True, metavar="ENV", help="the environment")


def environments(parser: argparse.ArgumentParser, *, is_required: bool = False) -> None:
    """Add `--env ENV`, a list: one that has to be given is checked for its length by who takes it."""
    parser.add_argument(
        "--env",
        action="append",
        default=[],
        required=is_required,
        metavar="ENV",
        help="the environment"
        if is_required
        else "the environment; may be repeated (default: all but local)",
    )


def models(parser: argparse.ArgumentParser) -> None:
    """Add `--model MODEL`, which may be repeated."""
    parser.add_argument(
        "--model", action="append", default=[], metavar="MODEL", help="only this model; may be repeated"
    )


def results(parser: argparse.ArgumentParser, about: str) -> None:
    """Add `--results FOLDER`; `about` says what lies there."""
    parser.add_argument("--results", type=Path, metavar="FOLDER", help=about)


def base(parser: argparse.ArgumentParser, default: str) -> None:
    """Add `--base REV`; `default` says what is compared with where it is not given."""
    parser.add_argument("--base", metavar="REV", help=f"compare with this revision (default: {default})")


def json_file(parser: argparse.ArgumentParser, what: str = "it as JSON") -> None:
    """Add `--json FILE`, for `write_json`; `what` says what is written."""
    parser.add_argument("--json", metavar="FILE", help=f"write {what}; {STDOUT} prints that alone")


def write_json(document: JsonValue, target: str) -> None:
    """Write a document to what `--json` names: a file or standard output. Raises OSError when it cannot."""
    text = json.dumps(document, indent=2) + "\n"
    if target == STDOUT:
        sys.stdout.write(text)
    else:
        write_whole(Path(target), text)
