"""Starts the local Azure in the background, and waits until it answers."""

import sys
from pathlib import Path

from delivery.toolchain import Settings
from laptop.arm import Arm, Health
from laptop.errors import LaptopError
from laptop.layout import Layout
from laptop.ports import Ports, require_free
from laptop.processes import Background
from local_azure.code_digest import code_digest

_AZURE_START_SECONDS = 30.0


def azure(layout: Layout) -> Background:
    """Return the local Azure of this clone."""
    return Background("azure", layout.run, layout.logs)


def mlserver(layout: Layout) -> Background:
    """Return MLServer of this clone."""
    return Background("model-server", layout.run, layout.logs)


def mlflow_server(layout: Layout) -> Background:
    """Return MLflow's scoring server of this clone."""
    return Background("mlflow-server", layout.run, layout.logs)


def all_of(layout: Layout) -> tuple[Background, ...]:
    """Return every server of this clone."""
    return azure(layout), mlserver(layout), mlflow_server(layout)


def require_ports(layout: Layout, ports: Ports) -> None:
    """Check, before anything is changed, that each server runs already or that its ports are free.

    Raises LaptopError that names the first port in use.
    """
    for background, needed in (
        (azure(layout), ports.azure()),
        (mlserver(layout), ports.of_mlserver()),
        (mlflow_server(layout), ports.of_mlflow()),
    ):
        if background.process() is None:
            require_free(needed)


def model_server_cache() -> Path:
    """Return the folder that keeps the model servers' environments: beside the tool chain's."""
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
        raise LaptopError(did_not_start("The local Azure", background))


def did_not_start(what: str, background: Background) -> str:
    """Return the sentence for a server that did not come up, with the end of its log."""
    return (
        f"{what} did not start. Mend what the end of its log tells and run `./dev local` again, or give up its state: "
        f"`./dev local reset` starts afresh ({_short(background.log)}):\n{background.last_words()}"
    )


def _short(path: Path) -> str:
    return str(path.relative_to(path.parents[2]))
