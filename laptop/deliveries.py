"""The command line of the deliveries, as a laptop has it: it knows the environment `local` besides those in Azure."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from rich.console import Console

from delivery import command, engine, toolchain
from delivery.context import Context, Update
from delivery.errors import DeliveryError
from delivery.listener import Reports
from delivery.terminal import lasting
from laptop import checkpoints, disk, healing, model_servers
from laptop.arm import Arm
from laptop.engine_environment import common_variables, install_plugin, local_variables
from laptop.errors import LaptopError
from laptop.layout import Layout
from laptop.leftovers import end_leftovers_below, told
from laptop.locking import only_one
from laptop.ports import DEFAULT_BASE, Ports, remembered
from laptop.processes import kill_children
from shared import environments
from shared.environments import LOCAL
from shared.platform.headers import BACKEND_SECRET
from shared.projects import FOUNDATION


def context(layout: Layout, console: Console) -> Context:
    """Return the context of this clone's deliveries."""
    return Context(
        root=layout.root,
        console=console,
        variables=partial(_variables, layout),
        update=partial(_update, layout),
        endpoint=partial(_endpoint, layout),
        alone=partial(_alone, layout, console),
    )


def _variables(layout: Layout, environment: str) -> Mapping[str, str]:
    described = environments.load(environment, layout.root)
    tools = toolchain.ensure(lambda doing: sys.stderr.write(f"{doing}\n"))
    variables = common_variables(layout, tools.bin, os.environ["PATH"])
    # The Automation API looks for `pulumi` on this process's own PATH.
    os.environ["PATH"] = variables["PATH"]
    if environment != LOCAL:
        return {**variables, "PULUMI_BACKEND_URL": described.backend_url(layout.root)}
    ports = remembered(layout.run) or Ports(DEFAULT_BASE)
    install_plugin(layout, ports, described.azure.subscription_id)
    layout.backend.mkdir(parents=True, exist_ok=True)
    return {
        **variables,
        **local_variables(layout),
        "PYTHONPATH": str(layout.root),
        "MODEL_GATEWAY_MANAGEMENT_URL": ports.arm_url,
    }


def _update(layout: Layout, environment: str) -> Update:
    return partial(_update_local, layout) if environment == LOCAL else engine.up


def _update_local(layout: Layout, target: engine.Target, reports: Reports) -> engine.Deployed:
    """Update a stack of `local`, and mend what an update that was cut off left: see `laptop.healing`."""
    try:
        with disk.watching(layout.root, kill_children):
            checkpoints.mend(layout, target.stack, reports.remarkable)
            checkpoints.keep(layout, target.stack)
            deployed = healing.deploy(target, layout, reports)
            checkpoints.keep(layout, target.stack)
            if target.stack.project == FOUNDATION:  # what an operator does once, before the platform
                arm = Arm(target.variables["MODEL_GATEWAY_MANAGEMENT_URL"])
                arm.ensure_secret(str(deployed.outputs["vault_id"]), BACKEND_SECRET)
    except LaptopError as error:
        raise DeliveryError(str(error)) from error
    return deployed


@contextmanager
def _alone(layout: Layout, console: Console, environment: str) -> Iterator[None]:
    """Hold the clone's lock while `local` is worked on, and have the engine's small files readable.

    In each environment, programs of engines that were killed are ended: nobody else does. So are, afterwards, those of
    engines that failed, which do not always end what they have started.
    """
    if ended := told(end_leftovers_below(layout.root)):
        console.print(ended)
    try:
        with only_one(layout, console.print) if environment == LOCAL else nullcontext():
            if environment == LOCAL:
                checkpoints.remove_damaged(layout, console.print)
            yield
    finally:
        end_leftovers_below(layout.root)


def _endpoint(layout: Layout, environment: str, model: str) -> str | None:
    if environment != LOCAL:
        return None
    return model_servers.endpoint(layout.root, model, remembered(layout.run) or Ports(DEFAULT_BASE))


def main(arguments: Sequence[str]) -> int:
    """Run the command line of this process; return its exit code."""
    layout = Layout(Path(__file__).resolve().parent.parent)
    console = Console(soft_wrap=True, file=lasting(sys.stdout))
    return command.main(arguments, context(layout, console))
