"""`./dev drift --env E`: looks for what Azure has that the stacks of an environment do not know; changes nothing."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from delivery import arguments, records, state
from delivery.context import Context
from delivery.drift import reporting
from delivery.drift.owners import owner
from delivery.errors import DeliveryError
from delivery.planning import plans
from delivery.planning.deployment import belongs
from delivery.records import DeliveryRecord, Operation, StackRecord
from delivery.running.command import RESULTS
from delivery.running.jobs import Job
from delivery.running.order import Order, carry_out
from delivery.stacks import StackId
from delivery.tags import HELD, PREVIOUS, Deployed

CLEAN, FAILED, DRIFTED = 0, 1, 3
"""The exit codes; an error that is raised becomes the second."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `./dev`."""
    about = (
        "Compare what Azure has with what was deployed, on a copy of the state: changes nothing, takes no lock. Ends "
        f"with {CLEAN} when both agree, {DRIFTED} when they do not, {FAILED} when a stack could not be looked at."
    )
    parser = subparsers.add_parser("drift", help="find what was changed by hand in Azure", description=about)
    arguments.environment(parser)
    arguments.results(parser, f"folder for the record and logs (default: {RESULTS}/drift)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Look at every stack of the environment that has a state; return the exit code.

    Raises DeliveryError when the backend cannot be read or a stack cannot be looked at, DocumentError for an unknown
    environment.
    """
    results = options.results or context.root / RESULTS / Operation.DRIFT
    record = look(options.env, results, context)
    records.write(record, results)
    for line in (*reporting.lines(record), reporting.summary(record)):
        context.console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not record.is_clean:
        raise DeliveryError(reporting.failures(record))
    return DRIFTED if any(stack.changes for stack in record.stacks) else CLEAN


def look(environment: str, results: Path, context: Context) -> DeliveryRecord:
    """Return what a refresh of each stack of the environment would find."""
    plans.chosen(context.root, [environment])
    variables = context.variables(environment)
    with state.copied(variables, environment) as copied:
        found = (stack for stack in copied.deployed if belongs(stack, environment))
        order = Order(
            environment=environment,
            operation=Operation.DRIFT,
            jobs=tuple(Job(stack, owner=owner(stack, context.root)) for stack in found),
            results=results,
            limit=os.cpu_count() or 1,
            variables={**variables, **copied.backend},
            refused={stack: str(why) for stack, why in copied.damaged.items()},
        )
        record = carry_out(order, context)
        held = {stack: _held_at(each) for stack, each in copied.deployed.items() if HELD in each.tags}
    return record.model_copy(update={"stacks": tuple(_told(each, held) for each in record.stacks)})


def _held_at(deployed: Deployed) -> str:
    """Return the revision to which a stack was rolled back, or is to be where that was cut off."""
    return deployed.tags.get(PREVIOUS) or deployed.revision or ""


def _told(stack: StackRecord, held: Mapping[StackId, str]) -> StackRecord:
    """Return the record of a stack with the revision to which it was rolled back, if it was."""
    return stack.model_copy(update={"held": held.get(stack.stack, "")})
