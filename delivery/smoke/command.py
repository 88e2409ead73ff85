"""`./dev smoke --env E`: calls every deployed model of an environment, and tells how each answered."""

import argparse
import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from delivery import arguments, job_summary, outputs, stacks, state
from delivery.context import Context
from delivery.errors import DeliveryError
from delivery.management import management
from delivery.planning import plans
from delivery.planning.inputs import Tree
from delivery.planning.old_tree import old_tree
from delivery.running import selection
from delivery.smoke import reporting
from delivery.smoke.record import SmokeOutcome, SmokeRecord, SmokeResult, write
from delivery.smoke.run import call_all
from delivery.smoke.targets import Target, targets
from delivery.tags import HELD, Deployed


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `./dev`."""
    parser = subparsers.add_parser(
        "smoke",
        help="call every deployed model through the gateway",
        description="Call every deployed version of every model through the gateway with its example request, and "
        "check the answer against its contract. Ends with 1 when one does not answer as it should.",
    )
    arguments.environment(parser)
    arguments.models(parser)
    arguments.results(parser, "write <env>.smoke.json there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Call the models that the options name, or all; return the exit code.

    Raises DeliveryError with a sentence for each version that failed or for an unknown model, DocumentError for an
    unknown environment.
    """
    record = smoke(options.env, options.model, context)
    for line in reporting.lines(record):
        context.console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.results:
        write(record, options.results)
    job_summary.append(reporting.markdown(record))
    if record.failed:
        raise DeliveryError(reporting.sentences(record))
    return 0


def smoke(environment: str, only: Sequence[str], context: Context) -> SmokeRecord:
    """Return how the models in `only`, or all, answer in an environment."""
    plans.chosen(context.root, [environment])
    variables = {**os.environ, **context.variables(environment)}
    found = _found(environment, only, context.root, variables)
    results = tuple(each for each in found if isinstance(each, SmokeResult))
    if len(results) < len(found):  # what cannot be called needs no login
        results = asyncio.run(call_all(found, management(variables)))
    return SmokeRecord(environment=environment, results=results)


def _found(
    environment: str, only: Sequence[str], root: Path, variables: Mapping[str, str]
) -> tuple[Target | SmokeResult, ...]:
    with state.copied(variables, environment) as copied:
        tree = Tree(root)
        selection.require_models(only, tree, copied.deployed)
        known = selection.known_models(tree, copied.deployed)

        def of_model(model: str) -> tuple[Target | SmokeResult, ...]:
            stack = stacks.model(model, environment)
            try:
                if stack in copied.damaged:
                    raise copied.damaged[stack]
                with _root(model, copied.deployed.get(stack), root) as described:
                    return tuple(targets(environment, model, outputs.read(copied.folder, stack), described))
            except DeliveryError as error:
                failed = SmokeOutcome.FAILED
                return (SmokeResult(model=model, version="", outcome=failed, reason=str(error)),)

        return tuple(each for model in dict.fromkeys(only or known) for each in of_model(model))


@contextmanager
def _root(model: str, deployed: Deployed | None, root: Path) -> Iterator[Path]:
    """Give the tree whose folder of the model is deployed: after a rollback not the one at `root`."""
    if deployed is None or HELD not in deployed.tags or deployed.revision is None:
        yield root
        return
    with old_tree(root, model, deployed.revision) as tree:
        yield tree
