"""`./dev compat`: what a change means for the consumers of each model, and whether it breaks them."""

import argparse
from pathlib import Path

from delivery import arguments
from delivery.compat import output
from delivery.compat.advice import TRAILER, advice
from delivery.compat.gate import Comparison, accepted, require_known
from delivery.compat.sides import Now, Then
from delivery.context import Context
from delivery.planning import plans, trees
from shared.environments import LOCAL


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    about = "Show how contracts differ from those of a revision, and fail where consumers would break."
    parser = subparsers.add_parser("compat", help=about, description=about)
    arguments.base(parser, "where this branch left the default branch")
    arguments.models(parser)
    arguments.environments(parser)
    arguments.json_file(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Do what the command line says; return 1 where consumers would break, else 0.

    Raises DeliveryError when there is no such revision, and DocumentError when the tree on disk is wrong.
    """
    base = trees.fork(context.root) if options.base is None else trees.commit(context.root, options.base)
    shown = base[:12] if options.base is None else options.base
    looked_at = plans.chosen(context.root, options.env)
    now, then = Now.at(context.root), Then.at(context.root, base, shown)
    meant = accepted(trees.trailers(context.root, base, TRAILER))
    comparison = Comparison(now, then, looked_at, _last(context.root), meant)
    require_known(options.model, comparison.models)
    findings = comparison.findings(options.model)
    if options.json != arguments.STDOUT:
        output.show(findings, looked_at, shown, context.console)
        # Not as it was named: HEAD^1 is another commit where somebody follows this.
        for line in advice(findings, now, base[:12]):
            context.console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.json is not None:
        arguments.write_json(output.as_json(findings, base), options.json)
    return 1 if any(finding.fails for finding in findings) else 0


def _last(root: Path) -> str:
    """Return the environment that changes reach last; that of laptops where there is no other."""
    return [LOCAL, *plans.chosen(root, ())][-1]
