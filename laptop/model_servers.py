"""Trains the models that this repository serves itself, and starts their servers: MLServer and MLflow's."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from laptop import servers
from laptop.errors import LaptopError
from laptop.layout import Layout
from laptop.ports import Ports
from laptop.processes import Background
from local_azure.model_servers import environment, finding, mlflow, mlserver, training
from local_azure.model_servers.errors import ModelServerError
from local_azure.model_servers.training import Server

# A first start imports scikit-learn from a cold disk; each server takes 5 s on a warm one.
_START_SECONDS = 120.0


@dataclass(frozen=True)
class _Kind:
    """A server of models, as it is on this machine."""

    title: str
    background: Background
    repository: Path
    """The folder with what it loads."""
    url: str
    ready_path: Callable[[str], str]


def start(layout: Layout, ports: Ports, chosen: Collection[str], report: Callable[[str], None]) -> str:
    """Train the chosen models that come with a server folder, on first use, and serve them.

    Models that were trained before are served on. Return what is served, for a person.

    Raises LaptopError when a model cannot be trained or a server does not come up.
    """
    kinds = _kinds(layout, ports)
    try:
        in_tree = finding.find_models(layout.root / "models")
        models = [
            model
            for model in in_tree
            if model.name in chosen or training.is_trained(model, kinds[model.server].repository)
        ]
        if not models:
            return "no model comes with one"
        lock = layout.root / "requirements" / "model-server.txt"
        tools = environment.ensure(lock, servers.model_server_cache(), report)
        for server, kind in kinds.items():
            training.forget_others([model for model in in_tree if model.server is server], kind.repository)
        trained = {
            model.server
            for model in models
            if model.name in chosen
            and training.prepare(model, tools, lock, kinds[model.server].repository, report)
        }
    except ModelServerError as error:
        raise LaptopError(str(error)) from error
    wanted = {
        server: names
        for server in Server
        if (names := [model.name for model in models if model.server is server])
    }
    begun = [server for server in wanted if server in trained or not _runs(kinds[server], wanted[server])]
    for server in begun:
        report(f"starting {kinds[server].title}")
        kinds[server].background.stop()
        command = _command(server, layout, ports, tools)
        kinds[server].background.start(command, {}, kinds[server].repository)
    for server in begun:
        _await(kinds[server], wanted[server])
    return ", ".join(_told(kinds[server], len(names)) for server, names in wanted.items())


def endpoint(root: Path, model: str, ports: Ports) -> str | None:
    """Return where this machine's servers answer for `model`; None for a model that they do not serve.

    Raises ModelServerError when the settings of a model are wrong.
    """
    match finding.servers_by_model(root / "models").get(model):
        case Server.MLSERVER:
            return ports.mlserver_url
        case Server.MLFLOW:
            return f"{ports.mlflow_server_url}{mlflow.base_path(model)}"
        case None:
            return None


def server_of(layout: Layout, ports: Ports, model: str) -> Background:
    """Return the server of a model that this machine serves. Raises KeyError for another one."""
    return _kinds(layout, ports)[finding.servers_by_model(layout.root / "models")[model]].background


def _kinds(layout: Layout, ports: Ports) -> Mapping[Server, _Kind]:
    return {
        Server.MLSERVER: _Kind(
            "MLServer",
            servers.mlserver(layout),
            layout.model_repository,
            ports.mlserver_url,
            mlserver.ready_path,
        ),
        Server.MLFLOW: _Kind(
            "MLflow",
            servers.mlflow_server(layout),
            layout.mlflow_models,
            ports.mlflow_server_url,
            mlflow.ready_path,
        ),
    }


def _command(server: Server, layout: Layout, ports: Ports, tools: Path) -> list[str]:
    """Return the command that serves what was trained, after what it reads is written."""
    if server is Server.MLFLOW:
        return mlflow.command(tools, layout.mlflow_models, ports.mlflow_server)
    mlserver.configure(layout.model_repository, ports.mlserver)
    return mlserver.command(tools, layout.model_repository)


def _runs(kind: _Kind, models: Collection[str]) -> bool:
    return kind.background.process() is not None and _serves(kind, models)


def _await(kind: _Kind, models: Collection[str]) -> None:
    if not kind.background.wait(lambda: _serves(kind, models), _START_SECONDS):
        kind.background.stop()
        raise LaptopError(servers.did_not_start(kind.title, kind.background))


def _serves(kind: _Kind, models: Collection[str]) -> bool:
    try:
        return all(
            httpx.get(f"{kind.url}{kind.ready_path(model)}", timeout=2.0, trust_env=False).is_success
            for model in models
        )
    except httpx.TransportError:
        return False


def _told(kind: _Kind, count: int) -> str:
    return f"{'1 model' if count == 1 else f'{count} models'} on {kind.url} ({kind.title})"
