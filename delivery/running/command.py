"""`./dev preview`, `up`, `refresh` and `destroy`: from the command line to the record of what became of each stack."""

import argparse
import shlex
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from delivery import arguments, records, state
from delivery.context import Context
from delivery.errors import DeliveryError
from delivery.planning import plans, trees
from delivery.planning.inputs import Tree
from delivery.records import DeliveryRecord, Operation, Outcome
from delivery.report.terminal import print_changes
from delivery.running import critical, logs, words
from delivery.running.jobs import in_layers
from delivery.running.order import Order, carry_out
from delivery.running.orders import Maker
from delivery.running.stopping import INTERRUPTED
from delivery.running.upstream_notes import with_upstream_notes
from delivery.running.wanted import Wanted
from shared import environments
from shared.environments import LOCAL

RESULTS = Path(".delivery")
"""Where records and logs of each operation go unless another folder is named; not committed."""

_ABOUT = {
    Operation.PREVIEW: "Show what an update would change, on a copy of the state: needs no write access and no lock.",
    Operation.UP: "Create or update what differs from what is deployed, layer after layer, models in parallel.",
    Operation.REFRESH: "Bring the state of stacks to what Azure has; changes nothing in Azure.",
    Operation.DESTROY: "Delete what stacks have, and the stacks, from the models down to the foundation.",
}


def add_parsers(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the four commands to the command line."""
    for operation, about in _ABOUT.items():
        parser = subparsers.add_parser(operation, help=about, description=about)
        arguments.environments(parser, is_required=operation is not Operation.PREVIEW)
        arguments.models(parser)
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every stack of the environment")
        if operation is not Operation.DESTROY:
            which.add_argument("--base", metavar="REV", help="stacks that differ from this revision")
            parser.add_argument("--shard", metavar="K/N", help="the Kth of N parts of the stacks")
        if operation in {Operation.UP, Operation.REFRESH}:
            parser.add_argument(
                "--layer", choices=("foundation", "platform", "model"), help="only this layer"
            )
        if operation is Operation.DESTROY:
            parser.add_argument("--yes-destroy", metavar="ENV", help="needed where deployments are approved")
        parser.add_argument("--parallel", type=int, metavar="N", help="how many stacks at once")
        arguments.results(parser, f"folder for records and logs (default: {RESULTS}/{operation})")
        parser.set_defaults(run=run, operation=operation)


def run(options: argparse.Namespace, context: Context) -> int:
    """Do what the command line says; return 0, 1 when not everything was done, 130 when that is because of a stop.

    Raises DeliveryError or DocumentError for what is found wrong before anything begins.
    """
    names = plans.chosen(context.root, options.env)
    tree = Tree(context.root)
    _require(options, tree, names)
    if options.results is None:
        records.forget(context.root / RESULTS / options.operation)
    found: list[DeliveryRecord] = []
    for name in names:
        wanted = _wanted(options, name, context.root)
        again = _again(wanted, consent=getattr(options, "yes_destroy", None))
        found.append(_deliver(wanted, context, tree, again))
        if _is_stopped(found[-1]):  # of several, each is a preview, which only a stop keeps from going on
            break
    if options.operation is Operation.PREVIEW:
        print_changes(found, context.console, names)
    return max(_code(record) for record in found)


def _is_stopped(record: DeliveryRecord) -> bool:
    return any(each.outcome in {Outcome.INTERRUPTED, Outcome.NOT_BEGUN} for each in record.stacks)


def _code(record: DeliveryRecord) -> int:
    if record.is_clean:
        return 0
    failed = any(each.outcome is Outcome.FAILED for each in record.stacks)
    return 1 if failed else INTERRUPTED


def _wanted(options: argparse.Namespace, environment: str, root: Path) -> Wanted:
    return Wanted(
        operation=options.operation,
        environment=environment,
        results=options.results or root / RESULTS / options.operation,
        models=tuple(options.model),
        everything=options.all,
        base=getattr(options, "base", None),
        layer=getattr(options, "layer", None),
        shard=getattr(options, "shard", None),
        parallel=options.parallel,
    )


def _again(wanted: Wanted, consent: str | None) -> str:
    """Return the command that asks for the same stacks once more; less would destroy nothing, or deploy others."""
    arguments = ["./dev", wanted.operation, "--env", wanted.environment]
    for model in wanted.models:
        arguments += ["--model", model]
    if wanted.everything:
        arguments.append("--all")
    named = {
        "--base": wanted.base,
        "--shard": wanted.shard,
        "--layer": wanted.layer,
        "--parallel": wanted.parallel,
        "--yes-destroy": consent,
    }
    for name, value in named.items():
        if value is not None:
            arguments += [name, str(value)]
    return shlex.join(arguments)


def _deliver(wanted: Wanted, context: Context, tree: Tree, again: str) -> DeliveryRecord:
    """Do what is wanted in one environment; tell how it goes, write the record, and return it.

    `again` is the command that goes on after a failure.
    """
    variables = context.variables(wanted.environment)
    started = time.monotonic()
    alone: AbstractContextManager[object] = nullcontext()
    if wanted.operation is not Operation.PREVIEW:
        alone = context.alone(wanted.environment)
    with alone, state.copied(variables, wanted.environment) as copied:
        order = Maker(wanted, tree, copied).order(variables)
        (record,) = with_upstream_notes((carry_out(order, context),))
    try:
        records.write(record, wanted.results)
    finally:  # what was done is told where a full disk refuses the record
        _tell(record, order, context, time.monotonic() - started, again)
    return record


def _tell(record: DeliveryRecord, order: Order, context: Context, seconds: float, again: str) -> None:
    waits = record.operation is not Operation.PREVIEW
    path = critical.of(record, in_layers(order.jobs), order.limit) if waits else None
    folder = logs.folder(order.results, record.environment, record.operation)
    text = words.summary(record, seconds=seconds, critical=path, again=again, logs=_short(folder))
    context.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _short(folder: Path) -> str:
    """Return the path as somebody in the current folder would type it."""
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def _require(options: argparse.Namespace, tree: Tree, names: Sequence[str]) -> None:
    """Check what can be checked before anything begins."""
    if options.parallel is not None and options.parallel < 1:
        raise DeliveryError(f"--parallel {options.parallel}: name a number of stacks from 1.")
    if len(names) > 1 and options.operation is not Operation.PREVIEW:
        raise DeliveryError(f"--env: name one environment, not {len(names)}. Each is delivered by itself.")
    if options.operation is Operation.UP and LOCAL not in names:
        trees.require_clean(tree.root)
    if options.operation is Operation.DESTROY:
        _require_consent(options, tree.root, names[0])


def _require_consent(options: argparse.Namespace, root: Path, environment: str) -> None:
    if not options.all and not options.model:
        raise DeliveryError(
            f"Name what to destroy: --model M for one model, or --all for everything in {environment}."
        )
    if environments.load(environment, root).approval and options.yes_destroy != environment:
        raise DeliveryError(
            f"Deployments of {environment} are approved by a person, and so is its destruction: "
            f"repeat the command with --yes-destroy {environment}."
        )
