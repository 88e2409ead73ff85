"""`./dev rollback MODEL --env E`: deploys what a model was before, and holds it until its folder changes."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from rich.prompt import Confirm

from delivery import arguments, records, stacks, state
from delivery.context import Context
from delivery.errors import DeliveryError
from delivery.planning import plans, trees
from delivery.planning.inputs import Tree, model_of
from delivery.planning.old_tree import old_tree, require_valid, short
from delivery.records import DeliveryRecord, Operation
from delivery.report.terminal import print_changes
from delivery.rollback.choice import destination, held_back, require_difference, tags_after
from delivery.running import selection
from delivery.running.command import RESULTS
from delivery.running.jobs import Job
from delivery.running.order import Order, carry_out
from delivery.stacks import StackId
from delivery.state import Copied
from delivery.tagging import Tags
from delivery.tags import Deployed
from shared.environments import LOCAL
from shared.model import description
from shared.projects import split_model_stack


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `./dev`."""
    parser = subparsers.add_parser(
        "rollback",
        help="deploy what a model was before",
        description="Deploy the folder of a model as it was at an earlier revision, with the programs of today. Until "
        "that folder changes in the repository, deployments leave the model alone.",
    )
    parser.add_argument("model", metavar="MODEL", help="the model")
    arguments.environment(parser)
    parser.add_argument(
        "--to", metavar="REV", help="the revision (default: the one that was deployed before)"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before anything is changed")
    parser.set_defaults(run=run)


@dataclass(frozen=True)
class _Rollback:
    """One rollback, decided."""

    stack: StackId
    environment: str
    revision: str
    tree: Path
    """Where the old folder and the programs of today are."""
    tags: Tags
    owner: str
    variables: Mapping[str, str]


def run(options: argparse.Namespace, context: Context) -> int:
    """Show what going back would change, ask, and do it; return 0, or 1 when it failed.

    Raises DeliveryError for whatever keeps it from beginning, DocumentError for an unknown environment.
    """
    plans.chosen(context.root, [options.env])
    if options.env != LOCAL:
        trees.require_clean(context.root)
    variables = context.variables(options.env)
    with context.alone(options.env), state.copied(variables, options.env) as copied:
        deployed = _deployed(options.model, options.env, copied, context.root)
        revision = destination(context.root, deployed, options.to)
        with old_tree(context.root, options.model, revision) as tree:
            rollback = _decided(deployed, revision, tree, context.root, variables)
            _show(rollback, copied, context)
            _require_consent(rollback, is_given=options.yes, context=context)
            return _apply(rollback, context)


def _deployed(model: str, environment: str, copied: Copied, root: Path) -> Deployed:
    """Return the model's stack as the backend knows it. Raises DeliveryError when there is nothing to go back from."""
    found = copied.deployed
    selection.require_models((model,), Tree(root), found)
    stack = stacks.model(model, environment)
    if stack in copied.damaged:
        raise copied.damaged[stack]
    if stack not in found or found[stack].is_empty:
        raise DeliveryError(f"{model} is not deployed in {environment}: there is nothing to go back from.")
    return found[stack]


def _decided(
    deployed: Deployed, revision: str, tree: Path, root: Path, variables: Mapping[str, str]
) -> _Rollback:
    model, environment = split_model_stack(deployed.stack.name)
    require_valid(tree, model, environment, revision)
    then = Tree(tree)
    held = held_back(deployed, Tree(root), lambda commit: Tree.at(root, commit))
    require_difference(deployed, held, then, revision)
    inputs = then.inputs(environment)[deployed.stack]
    return _Rollback(
        deployed.stack,
        environment,
        revision,
        tree,
        tags_after(deployed, revision, inputs, held),
        description.load(model, environment, root=tree).owner,
        # The programs take their library from here, although their Python has that of the tree of today.
        {**variables, "PYTHONPATH": str(tree)},
    )


def _show(rollback: _Rollback, copied: Copied, context: Context) -> None:
    """Print what going back changes. Raises DeliveryError when the engine refuses."""
    context.console.print(
        f"Going back to {short(rollback.revision)} would change:", markup=False, highlight=False
    )
    found = _carried_out(rollback, Operation.PREVIEW, context, copied.backend)
    print_changes([found], context.console)


def _apply(rollback: _Rollback, context: Context) -> int:
    record = _carried_out(rollback, Operation.UP, context)
    records.write(record, context.root / RESULTS / "rollback")
    model = model_of(rollback.stack)
    context.console.print(
        f"{model} in {rollback.environment} is what {short(rollback.revision)} has. Deployments leave it alone until "
        f"models/{model}/ changes; `./dev up --env {rollback.environment} --model {model}` deploys the tree's again.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return 0


def _carried_out(
    rollback: _Rollback,
    operation: Operation,
    context: Context,
    backend: Mapping[str, str] = MappingProxyType({}),
) -> DeliveryRecord:
    order = Order(
        environment=rollback.environment,
        operation=operation,
        jobs=(Job(rollback.stack, (f"goes back to {short(rollback.revision)}",), owner=rollback.owner),),
        results=context.root / RESULTS / "rollback",
        limit=1,
        variables={**rollback.variables, **backend},
        tags={rollback.stack: rollback.tags},
        revision=rollback.revision,
    )
    record = carry_out(order, replace(context, root=rollback.tree))
    if not record.is_clean:
        raise DeliveryError(
            f"{rollback.stack} did not go back to {short(rollback.revision)}:\n{record.stacks[0].error}"
        )
    return record


def _require_consent(rollback: _Rollback, *, is_given: bool, context: Context) -> None:
    if is_given:
        return
    if not sys.stdin.isatty():
        raise DeliveryError(
            "Nothing was changed: there is no terminal to ask on. Repeat the command with --yes to go back."
        )
    question = f"Go back to {short(rollback.revision)} in {rollback.environment}?"
    try:
        agreed = Confirm.ask(question, console=context.console, default=False)
    except EOFError:  # Ctrl-D
        context.console.print()
        agreed = False
    if not agreed:
        raise DeliveryError("Nothing was changed.")
