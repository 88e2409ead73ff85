"""The loopback ports of the laptop's servers."""

import json
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from delivery.files import write_whole
from laptop.errors import LaptopError

DEFAULT_BASE = 7500
_LOWEST = 1024  # those below are for privileged programs
_HIGHEST = 65535


@dataclass(frozen=True)
class Ports:
    """Consecutive ports from `base` on, all on 127.0.0.1."""

    base: int

    def __post_init__(self) -> None:
        """Refuse a base that leaves no room.

        Raises LaptopError when a port would be privileged or beyond 65535.
        """
        highest_base = _HIGHEST - len(self.named()) + 1
        if not _LOWEST <= self.base <= highest_base:
            raise LaptopError(
                f"--port {self.base}: six consecutive ports are used from this one on, "
                f"so it must lie between {_LOWEST} and {highest_base}."
            )

    @property
    def arm(self) -> int:
        """Azure Resource Manager."""
        return self.base

    @property
    def gateway(self) -> int:
        """API Management's gateway."""
        return self.base + 1

    @property
    def mlserver(self) -> int:
        """MLServer's HTTP port."""
        return self.base + 2

    @property
    def mlflow_server(self) -> int:
        """The port of MLflow's scoring server."""
        return self.base + 5

    @property
    def arm_url(self) -> str:
        """Base URL of the local ARM."""
        return f"http://127.0.0.1:{self.arm}"

    @property
    def gateway_url(self) -> str:
        """Base URL of the gateway."""
        return f"http://127.0.0.1:{self.gateway}"

    @property
    def mlserver_url(self) -> str:
        """Base URL of MLServer."""
        return f"http://127.0.0.1:{self.mlserver}"

    @property
    def mlflow_server_url(self) -> str:
        """Base URL of MLflow's scoring server."""
        return f"http://127.0.0.1:{self.mlflow_server}"

    def azure(self) -> dict[int, str]:
        """Return the ports of the local Azure with their purposes."""
        return {self.arm: "Azure Resource Manager", self.gateway: "the gateway"}

    def of_mlserver(self) -> dict[int, str]:
        """Return the ports of MLServer with their purposes."""
        return {
            self.mlserver: "MLServer",
            self.base + 3: "MLServer (gRPC)",
            self.base + 4: "MLServer (metrics)",
        }

    def of_mlflow(self) -> dict[int, str]:
        """Return the port of MLflow's scoring server with its purpose."""
        return {self.mlflow_server: "MLflow's scoring server"}

    def named(self) -> dict[int, str]:
        """Return every port with its purpose."""
        return {**self.azure(), **self.of_mlserver(), **self.of_mlflow()}


def require_free(ports: dict[int, str]) -> None:
    """Check that nothing listens on `ports` (number: purpose).

    Raises LaptopError that names the first port in use, who uses it where that can be seen, and the remedy.
    """
    for port, purpose in ports.items():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise LaptopError(
                    f"Port {port} ({purpose}) is in use{_user_of(port)}. End that program, or choose other ports: "
                    f"`./dev local --port {port + 1000 if port + 1010 < _HIGHEST else DEFAULT_BASE}`."
                ) from None


def _user_of(port: int) -> str:
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return ""
    for connection in connections:
        listens = connection.status == psutil.CONN_LISTEN and (connection.laddr or (0, 0))[1] == port
        if listens and connection.pid:
            try:
                return f" by `{psutil.Process(connection.pid).name()}` (process {connection.pid})"
            except psutil.NoSuchProcess:
                return ""
    return ""


def remember(run: Path, ports: Ports) -> None:
    """Write the chosen ports below `run`, for the commands that come later."""
    write_whole(run / "ports.json", json.dumps({"base": ports.base}) + "\n")


def remembered(run: Path) -> Ports | None:
    """Return the ports that `./dev local` used last in this clone, or None."""
    try:
        return Ports(int(json.loads((run / "ports.json").read_text(encoding="utf-8"))["base"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, LaptopError):
        raise LaptopError(
            f"{run / 'ports.json'} is damaged: remove it and run `./dev local`, with --port unless it is to use "
            f"{DEFAULT_BASE} and those after it. What is deployed stays."
        ) from None
