"""`./dev local`: everything started, every layer deployed, the model called through the gateway."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from pydantic import JsonValue
from rich.console import Console

from delivery import engine, stacks, toolchain
from laptop import call, models, servers, summary
from laptop.arm import Arm
from laptop.engine_environment import common_variables, install_plugin, local_variables
from laptop.errors import LaptopError
from laptop.layout import Layout
from laptop.locking import only_one
from laptop.ports import DEFAULT_BASE, Ports, remember, remembered
from laptop.progress import Progress
from shared.platform.named_values import BACKEND_SECRET

_ENVIRONMENT = "local"


def up(layout: Layout, console: Console, *, port: int | None, only: Sequence[str]) -> None:
    """Bring the environment `local` to what this clone describes, and show that it answers.

    `port` is the first of five consecutive ones; None takes those used last. `only` names the models to
    deploy; none means all. What is there already stays: a second call changes nothing.

    Raises LaptopError, DeliveryError, ToolchainError or DocumentError, each with a sentence for a person.
    """
    with only_one(layout, console.print):
        chosen = models.choose(layout.root, _ENVIRONMENT, only)
        ports = _ports(layout, port)
        progress = Progress(console)
        variables = _tool_chain(layout, progress)
        with ThreadPoolExecutor(max_workers=1) as background:
            _local_azure(layout, ports, progress)
            # Training and starting the model server takes as long as deploying what it does not depend on.
            serving = background.submit(servers.start_model_server, layout, ports, _silent)
            platform = _layers(layout, ports, variables, progress)
            _model_server(serving, progress)
        calls: list[call.Call] = []
        for model in chosen:
            models.render_stack_file(layout.root, model, _ENVIRONMENT, ports.model_server_url)
            deployed = _deploy(stacks.model(model, _ENVIRONMENT), layout, variables, progress)
            calls += models.calls(layout.root, model, _ENVIRONMENT, deployed.outputs, Arm(ports.arm_url))
        answered = [(each, _smoke(each, progress)) for each in calls]
        summary.show(console, str(platform["gateway_url"]), answered)


def _ports(layout: Layout, port: int | None) -> Ports:
    last = remembered(layout.run)
    ports = Ports(port) if port is not None else last or Ports(DEFAULT_BASE)
    running = servers.azure(layout).process() or servers.model_server(layout).process()
    if last is not None and ports != last and running is not None:
        raise LaptopError(
            f"--port {ports.base}: the local Azure of this clone runs on port {last.base}. "
            "Run `./dev local down` first; its state stays."
        )
    return ports


def _tool_chain(layout: Layout, progress: Progress) -> dict[str, str]:
    with progress.step("Tool chain") as step:
        found = toolchain.ensure(step.report)
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
        install_plugin(layout, ports)
        layout.backend.mkdir(parents=True, exist_ok=True)
        step.result = f"ARM on {ports.arm_url}, gateway on {ports.gateway_url}"


def _layers(
    layout: Layout, ports: Ports, variables: Mapping[str, str], progress: Progress
) -> Mapping[str, JsonValue]:
    """Deploy foundation and platform; between them do what an operator does once: set the backend secret."""
    foundation = _deploy(stacks.foundation(_ENVIRONMENT), layout, variables, progress)
    Arm(ports.arm_url).ensure_secret(str(foundation.outputs["vault_id"]), BACKEND_SECRET)
    return _deploy(stacks.platform(_ENVIRONMENT), layout, variables, progress).outputs


def _deploy(
    stack: stacks.StackId, layout: Layout, variables: Mapping[str, str], progress: Progress
) -> engine.Deployed:
    with progress.step(str(stack)) as step:
        step.report("starting the engine")
        deployed = engine.up(stack, layout.root, variables, step.report)
        step.result = str(deployed)
    return deployed


def _model_server(serving: "Future[str]", progress: Progress) -> None:
    with progress.step("Model server") as step:
        step.report("training and starting")
        step.result = serving.result()


def _smoke(each: call.Call, progress: Progress) -> call.Answer:
    with progress.step("Prediction") as step:
        step.report("calling")
        answer = call.send(each)
        step.result = f"{each.method} {each.url} answered {answer.status}"
    return answer


def _silent(_doing: str) -> None:
    return None
