from collections.abc import Iterator

import pytest

from tests.gateway import servers
from tests.gateway.servers import Backend, Gateway

AN_AGE = 1e7
"""Seconds after which no counter of an earlier test counts."""


@pytest.fixture(scope="session")
def backend_server() -> Iterator[Backend]:
    backend = Backend()
    with servers.served(backend.app()) as url:
        backend.url = url
        yield backend


@pytest.fixture
def backend(backend_server: Backend) -> Iterator[Backend]:
    backend_server.received.clear()
    backend_server.status, backend_server.headers, backend_server.body = 200, {}, None
    backend_server.release.clear()
    yield backend_server
    backend_server.release.set()


@pytest.fixture(scope="session")
def gateway_server() -> Iterator[Gateway]:
    with servers.gateway() as running:
        yield running


@pytest.fixture
def gateway(gateway_server: Gateway) -> Gateway:
    gateway_server.services.clear()
    gateway_server.clock.now += AN_AGE
    return gateway_server
