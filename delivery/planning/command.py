"""`./dev plan`: which stacks a change affects, and why."""

import argparse

from delivery import arguments, state
from delivery.context import Context
from delivery.planning import output, plans, shards
from delivery.planning.plans import CopyState
from shared import environments


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    about = "Show which stacks a change affects, and why."
    parser = subparsers.add_parser("plan", help=about, description=about)
    arguments.base(parser, "with what is deployed, by its tags")
    arguments.environments(parser)
    arguments.json_file(parser, "it as JSON, with a matrix for a workflow")
    parser.add_argument(
        "--shards",
        type=_positive,
        default=shards.MOST,
        metavar="N",
        help="most runners that share an environment, one for each ten stacks (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context, copy: CopyState = state.copy) -> int:
    """Do what the command line says; return 0.

    Raises DeliveryError or DocumentError, with sentences, when there is no plan.
    """
    names = plans.chosen(context.root, options.env)
    if options.base is None:
        found = plans.against_deployed(context.root, names, copy)
    else:
        found = plans.against_base(context.root, names, options.base)
    if options.json != arguments.STDOUT:
        output.show(found, context.console)
    if options.json is not None:
        labels = {name: each.runner for name, each in environments.load_all(context.root).items()}
        arguments.write_json(output.as_json(found, labels, options.shards), options.json)
    return 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of runners: name a whole one from 1")
    return int(text)
