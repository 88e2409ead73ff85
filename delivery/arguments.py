"""Arguments that commands have in common: one name, one metavariable and one meaning for each."""

import argparse
from pathlib import Path


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
