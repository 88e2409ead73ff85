"""`python -m local_azure serve`: Azure Resource Manager on one port, the gateway on the next, one process."""

import asyncio
import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from local_azure.arm.app import CUT, arm_app
from local_azure.arm.engine import Engine
from local_azure.arm.faults import Faults
from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.messages import Answer, ArmRequest
from local_azure.arm.resource_types import Site
from local_azure.arm.store import StateError, Store
from local_azure.arm.types import REGISTRY
from local_azure.code_digest import code_digest
from local_azure.entra.endpoint import token_route
from local_azure.entra.issuing import Issuer
from local_azure.entra.signing import signing_key
from local_azure.gateway.app import Services, gateway_app

VERSION = "0.1.0"
"""Version of the project; `/health` tells it."""

HOST = "127.0.0.1"
"""The only address that is listened on: nobody but this machine's users reaches the local Azure."""

_BACKLOG = 2_048
_GRACE_SECONDS = 3


class PortError(Exception):
    """A port cannot be listened on; the sentence says which one and what helps."""


def serve(port: int, state: Path, latency: float = 0.0, *, faults: bool = False) -> int:
    """Serve until SIGINT or SIGTERM and return the exit code; a failed start is one sentence on stderr.

    Writes take as long as Azure's, multiplied by `latency`; with `faults`, `/faults` makes requests go wrong.
    """
    _log_to_stderr()
    try:
        with ExitStack() as stack:
            arm_socket = stack.enter_context(_listening(port))
            gateway_socket = stack.enter_context(_listening(port + 1))
            store = Store(state)
            stack.callback(store.close)
            health = {"version": VERSION, "code": code_digest(), "state": str(state.resolve())}
            issuer = Issuer(signing_key(state))
            arm = partial(
                arm_app,
                told=health,
                latency=latency,
                faults=Faults() if faults else None,
                beside=(token_route(issuer),),
            )
            gateway = partial(gateway_app, token_keys=issuer.keys)
            asyncio.run(_run(port, store, arm, gateway, (arm_socket, gateway_socket)))
    except (PortError, StateError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def _run(
    port: int,
    store: Store,
    arm: Callable[[Callable[[ArmRequest], Answer]], ASGIApp],
    gateway: Callable[[Services], ASGIApp],
    sockets: tuple[socket.socket, socket.socket],
) -> None:
    site = Site(f"http://{HOST}:{port}", f"http://{HOST}:{port + 1}")
    engine, configuration = Engine(store, REGISTRY, site), GatewayConfiguration(store)
    apps = (arm(engine.handle), gateway(configuration.current))
    servers = tuple(_Server(server_config(app)) for app in apps)

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    async with asyncio.TaskGroup() as group:
        for server, listening in zip(servers, sockets, strict=True):
            group.create_task(server.serve(sockets=[listening])).add_done_callback(lambda _: stop())


class _Server(uvicorn.Server):
    """A server that leaves signals to the process, which ends both servers together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signal handlers alone."""
        yield


class _Connection(H11Protocol):
    """A connection that an application can cut."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Tell applications, in the state of the connection, how to cut it."""
        super().connection_made(transport)
        self.app_state = self.app_state | {CUT: transport.abort}


def server_config(app: ASGIApp) -> uvicorn.Config:
    """Return how every application is served.

    Nobody stands in front of it, so what a caller writes into X-Forwarded-For changes no address.
    """
    return uvicorn.Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Give a socket that listens on this port of the loopback address, or raise PortError."""
    # Naming the protocol lets asyncio switch off Nagle's algorithm: 40 ms per call otherwise.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen(_BACKLOG)
        except OSError as error:
            reason = "in use" if error.errno == errno.EADDRINUSE else f"not to be had ({error.strerror})"
            raise PortError(
                f"Port {port} of {HOST} is {reason}. End the program that listens there, or choose "
                "another port with --port; the gateway takes the port after it."
            ) from error
        yield listening


def _log_to_stderr() -> None:
    """Log requests to stderr; libraries only warn (httpx would log URLs, and those may hold keys)."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("local_azure").setLevel(logging.INFO)
