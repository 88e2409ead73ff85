"""Starts the local Azure and the model server in the background, and waits until they answer."""

import sys
from collections.abc import Callable, Collection
from pathlib import Path

import httpx

from delivery.toolchain import Settings
from laptop.arm import Arm, Health
from laptop.errors import LaptopError
from laptop.layout import Layout
from laptop.ports import Ports, require_free
from laptop.processes import Background
from local_azure.code_digest import code_digest
from local_azure.model_servers import environment, mlserver
from local_azure.model_servers.errors import ModelServerError

_AZURE_START_SECONDS = 30.0
# A first start imports scikit-learn from a cold disk; MLServer takes 5 s on a warm one.
_MODEL_SERVER_START_SECONDS = 120.0


def azure(layout: Layout) -> Background:
    """Return the local Azure of this clone."""
    return Background("azure", layout.run, layout.logs)


def model_server(layout: Layout) -> Background:
    """Return the model server of this clone."""
    return Background("model-server", layout.run, layout.logs)


def require_ports(layout: Layout, ports: Ports) -> None:
    """Check, before anything is changed, that each server runs already or that its ports are free.

    Raises LaptopError that names the first port in use.
    """
    if azure(layout).process() is None:
        require_free(ports.azure())
    if model_server(layout).process() is None:
        require_free(ports.model_servers())


def model_server_cache() -> Path:
    """Return the folder that keeps the model server's environments: beside the tool chain's."""
    return Settings.from_environment().cache.with_name("model-servers")


def start_azure(layout: Layout, ports: Ports) -> None:
    """Start the local Azure unless it runs; one that runs older code is started anew.

    Raises LaptopError when the server does not come up.
    """
    background = azure(layout)
    wanted = Health(state=str(layout.azure), code=code_digest())

    def healthy() -> bool:
        return Arm(ports.arm_url).health() == wanted

    if background.process() is not None and healthy():
        return
    background.stop()
    command = [
        sys.executable, "-m", "local_azure", "serve", "--port", str(ports.base), "--state", str(layout.azure),
    ]  # fmt: skip
    background.start(command, {"PYTHONPATH": str(layout.root)}, layout.root)
    if not background.wait(healthy, _AZURE_START_SECONDS):
        background.stop()
        raise LaptopError(_did_not_start("The local Azure", background))


def start_model_server(
    layout: Layout, ports: Ports, chosen: Collection[str], report: Callable[[str], None]
) -> str:
    """Train the chosen models that come with a server folder, on first use, and serve them.

    Models that were trained before are served on. Return what is served, for a person.

    Raises LaptopError when a model cannot be trained or the server does not come up.
    """
    in_tree = mlserver.find_models(layout.root / "models")
    models = tuple(
        model
        for model in in_tree
        if model.name in chosen or mlserver.is_trained(model, layout.model_repository)
    )
    if not models:
        return "no model comes with one"
    lock = layout.root / "requirements" / "model-server.txt"
    background = model_server(layout)
    try:
        tools = environment.ensure(lock, model_server_cache(), report)
        mlserver.forget_others(in_tree, layout.model_repository)
        trained = [
            model.name
            for model in models
            if model.name in chosen and mlserver.prepare(model, tools, lock, layout.model_repository, report)
        ]
    except ModelServerError as error:
        raise LaptopError(str(error)) from error
    if not trained and background.process() is not None and _serves_all(ports, models):
        return _served(models, ports)
    background.stop()
    mlserver.configure(layout.model_repository, ports.model_server)
    report("starting the model server")
    background.start(mlserver.command(tools, layout.model_repository), {}, layout.model_repository)
    if not background.wait(lambda: _serves_all(ports, models), _MODEL_SERVER_START_SECONDS):
        background.stop()
        raise LaptopError(_did_not_start("The model server", background))
    return _served(models, ports)


def _serves_all(ports: Ports, models: tuple[mlserver.ServedModel, ...]) -> bool:
    try:
        return all(
            httpx.get(
                f"{ports.model_server_url}/v2/models/{model.name}/ready", timeout=2.0, trust_env=False
            ).is_success
            for model in models
        )
    except httpx.TransportError:
        return False


def _served(models: tuple[mlserver.ServedModel, ...], ports: Ports) -> str:
    count = "1 model" if len(models) == 1 else f"{len(models)} models"
    return f"{count} on {ports.model_server_url}"


def _did_not_start(what: str, background: Background) -> str:
    return (
        f"{what} did not start. Mend what the end of its log tells and run `./dev local` again, or give up its state: "
        f"`./dev local reset` starts afresh ({_short(background.log)}):\n{background.last_words()}"
    )


def _short(path: Path) -> str:
    return str(path.relative_to(path.parents[2]))
