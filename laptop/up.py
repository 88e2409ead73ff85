"""`./dev local`: everything started, every layer deployed, the model called through the gateway."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import httpx
from pydantic import JsonValue
from rich.console import Console

from delivery import engine, stacks, toolchain
from delivery.listener import Reports
from delivery.management import Management
from delivery.smoke.call import Call
from laptop import (
    call,
    checkpoints,
    disk,
    engine_logs,
    healing,
    model_servers,
    models,
    outdated,
    servers,
    summary,
)
from laptop.arm import Arm
from laptop.engine_environment import common_variables, install_plugin, local_variables
from laptop.errors import LaptopError
from laptop.layout import Layout
from laptop.leftovers import end_leftovers, told
from laptop.locking import only_one
from laptop.ports import DEFAULT_BASE, Ports, remember, remembered
from laptop.processes import await_children, end_children, kill_children
from laptop.progress import Progress, Step
from shared import environments
from shared.model import description
from shared.platform.headers import BACKEND_SECRET

_ENVIRONMENT = "local"
_STOP_SECONDS = 60.0


def up(layout: Layout, console: Console, *, port: int | None, only: Sequence[str]) -> None:
    """Bring the environment `local` to what this clone describes, and show that it answers.

    `port` is the first of six consecutive ones; None takes those used last. `only` names the models to
    deploy; none means all. What is there already stays: a second call changes nothing.

    Raises LaptopError, DeliveryError, ToolchainError or DocumentError, each with a sentence for a person.
    """
    with only_one(layout, console.print):
        chosen = models.choose(layout.root, _ENVIRONMENT, only)
        ports = _ports(layout, port)
        servers.require_ports(layout, ports)
        disk.require_room(layout.root)
        # Nobody else's: the local Azure keeps keys in its state.
        layout.local.mkdir(mode=0o700, exist_ok=True)
        try:
            _everything(layout, console, ports, chosen)
        except KeyboardInterrupt:
            await_children(_STOP_SECONDS)
            raise
        finally:
            end_leftovers(layout.pulumi_home)  # an engine that fails does not always end what it has started


def _everything(layout: Layout, console: Console, ports: Ports, chosen: Sequence[str]) -> None:
    progress = Progress(console)
    if ended := told(end_leftovers(layout.pulumi_home)):
        console.print(ended)
    engine_logs.prune(layout.pulumi_home)
    checkpoints.remove_damaged(layout, progress.remark)
    if why := outdated.note(layout, ports):
        console.print(why)
    variables = _ready(layout, ports, chosen, progress)
    deploy = partial(_deploy, layout=layout, variables=variables, progress=progress, refresh=bool(why))
    platform = _layers(ports, deploy)
    calls: list[Call] = []
    for model in chosen:
        endpoint = model_servers.endpoint(layout.root, model, ports)
        models.render_stack_file(layout.root, model, _ENVIRONMENT, endpoint)
        deployed = deploy(stacks.model(model, _ENVIRONMENT))
        calls += models.calls(layout.root, model, _ENVIRONMENT, deployed.outputs, Management(ports.arm_url))
    if set(chosen) == set(description.names(layout.root)):
        outdated.settle(layout)
    answered = [(each, _smoke(each, layout, ports, progress)) for each in calls]
    left_over = models.without_folder(layout.root, _ENVIRONMENT, layout.backend)
    summary.show(console, str(platform["gateway_url"]), answered, left_over)


def _ports(layout: Layout, port: int | None) -> Ports:
    last = remembered(layout.run)
    ports = Ports(port) if port is not None else last or Ports(DEFAULT_BASE)
    running = any(server.process() for server in servers.all_of(layout))
    if last is not None and ports != last and running:
        raise LaptopError(
            f"--port {ports.base}: the local Azure of this clone runs on port {last.base}. "
            "Run `./dev local down` first; its state stays."
        )
    return ports


def _ready(layout: Layout, ports: Ports, chosen: Sequence[str], progress: Progress) -> dict[str, str]:
    """Have everything that a deployment needs, before the first one; return the engine's variables."""
    with ThreadPoolExecutor(max_workers=1) as background:
        # A first training and a first tool chain take long, and neither needs the other.
        serving = background.submit(
            model_servers.start, layout, ports, chosen, Step("Model servers", progress).tell
        )
        try:
            variables = _tool_chain(layout, progress)
            _local_azure(layout, ports, progress)
            _model_servers(serving, progress)
        except BaseException:
            # Nobody waits for a training whose result has no use any more.
            end_children()
            raise
    return variables


def _tool_chain(layout: Layout, progress: Progress) -> dict[str, str]:
    with progress.step("Tool chain") as step:
        found = toolchain.ensure(step.tell)
        step.result = f"Pulumi {found.version}, {found.source.value}"
    variables = {**common_variables(layout, found.bin, os.environ["PATH"]), **local_variables(layout)}
    # The Automation API looks for `pulumi` on this process's own PATH.
    os.environ.update(PATH=variables["PATH"])
    return {**variables, "PYTHONPATH": str(layout.root)}


def _local_azure(layout: Layout, ports: Ports, progress: Progress) -> None:
    with progress.step("Local Azure") as step:
        step.report("starting")
        servers.start_azure(layout, ports)
        remember(layout.run, ports)
        install_plugin(layout, ports, environments.load(_ENVIRONMENT, layout.root).azure.subscription_id)
        layout.backend.mkdir(parents=True, exist_ok=True)
        step.result = f"{ports.arm_url} (ARM), :{ports.gateway} (gateway)"


def _layers(ports: Ports, deploy: Callable[[stacks.StackId], engine.Deployed]) -> Mapping[str, JsonValue]:
    """Deploy foundation and platform; between them do what an operator does once: set the backend secret."""
    foundation = deploy(stacks.foundation(_ENVIRONMENT))
    Arm(ports.arm_url).ensure_secret(str(foundation.outputs["vault_id"]), BACKEND_SECRET)
    return deploy(stacks.platform(_ENVIRONMENT)).outputs


def _deploy(
    stack: stacks.StackId, *, layout: Layout, variables: Mapping[str, str], progress: Progress, refresh: bool
) -> engine.Deployed:
    with progress.step(_title(stack)) as step, disk.watching(layout.root, kill_children):
        step.report("starting the engine")
        checkpoints.mend(layout, stack, step.remark)
        checkpoints.keep(layout, stack)
        target = engine.Target(stack, layout.root, variables)
        deployed = healing.deploy(target, layout, Reports(step.report, step.remark), refresh=refresh)
        checkpoints.keep(layout, stack)
        step.result = str(deployed)
    return deployed


def _title(stack: stacks.StackId) -> str:
    """Return how a person calls the stack, of which only those of one environment are in sight."""
    return stack.project if stack.name == _ENVIRONMENT else stack.name.removesuffix(f".{_ENVIRONMENT}")


def _model_servers(serving: "Future[str]", progress: Progress) -> None:
    with progress.step("Model servers") as step:
        step.result = serving.result()


def _smoke(each: Call, layout: Layout, ports: Ports, progress: Progress) -> httpx.Response | None:
    """Call a version; return its answer, or None where no server of this repository is to answer, and none does."""
    is_own = model_servers.endpoint(layout.root, each.deployed.model, ports) is not None
    with progress.step("Prediction") as step:
        step.report("calling")
        if not is_own and (silent := call.silent_endpoints(each)):
            step.result = f"{each.deployed}: nothing answers at {' and '.join(silent)} yet"
            return None
        answer = call.send(each)
        step.result = f"{each.deployed} answered {answer.status_code}"
    return answer
