"""A backend that is down, dies or answers badly: the service's error and one line in the log."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local_azure.gateway.configuration import Operation
from tests.gateway.documents import KEY, policy, service
from tests.gateway.servers import Backend, Gateway, error, free_url

INTERNAL = (500, "Internal server error")
PATH = "/species/v1/ready"


@contextmanager
def answering(*parts: bytes) -> Iterator[str]:
    """Serve a backend that sends these bytes whatever it is asked, and hangs up; yield its URL."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                for part in parts:
                    connection.sendall(part)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=10)


def assert_told_in_one_line(gateway: Gateway, caplog: pytest.LogCaptureFixture, reason: str) -> None:
    caplog.clear()
    response = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert error(response) == INTERNAL
    assert set(response.json()) == {"statusCode", "message", "activityId"}
    problems = [record for record in caplog.records if record.levelno >= logging.WARNING]
    (line,) = problems
    assert line.getMessage().startswith(f"500 {reason}: ")
    assert response.json()["activityId"] in line.getMessage()
    assert line.exc_info is None


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"SSH-2.0-OpenSSH\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Le",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"half"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"4\r\nhalf\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"no length\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n",),
    ],
)
def test_backend_that_breaks_off_or_speaks_no_http(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, parts: tuple[bytes, ...]
) -> None:
    with answering(*parts) as url:
        gateway.deploy(service(url))
        assert_told_in_one_line(gateway, caplog, "BackendConnectionFailure")


@pytest.mark.parametrize(
    "url",
    [
        "http://a..example",
        f"http://{'a' * 64}.example",
        "http://model:port",
        "ftp://model.example",
        "model.example/v2",
        "http://",
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://xn--.example",
    ],
)
def test_address_that_leads_nowhere(gateway: Gateway, caplog: pytest.LogCaptureFixture, url: str) -> None:
    gateway.deploy(service(url))
    assert_told_in_one_line(gateway, caplog, "BackendConnectionFailure")


def test_backend_that_is_down_and_back(
    gateway: Gateway, backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.deploy(service(free_url()))
    assert_told_in_one_line(gateway, caplog, "BackendConnectionFailure")
    gateway.deploy(service(backend.url))
    assert gateway.get(PATH, ocp_apim_subscription_key=KEY).status_code == 200


def test_connection_that_the_backend_closed_while_idle_costs_no_call(gateway: Gateway) -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"  # keeps alive, and hangs up all the same
    with answering(whole) as url:
        gateway.deploy(service(url))
        for _ in range(3):
            assert gateway.get(PATH, ocp_apim_subscription_key=KEY).status_code == 200
            time.sleep(0.05)  # the end of the connection arrives


@pytest.mark.parametrize("status", [400, 404, 429, 500, 502, 503, 504])
def test_error_of_the_backend_is_passed_on_as_it_is(gateway: Gateway, backend: Backend, status: int) -> None:
    gateway.deploy(service(backend.url))
    backend.status, backend.body = status, b"<p>The model is loading</p>"
    backend.headers = {"Content-Type": "text/html", "Retry-After": "7"}
    response = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert (response.status_code, response.content) == (status, backend.body)
    assert (response.headers["content-type"], response.headers["retry-after"]) == ("text/html", "7")


@pytest.mark.parametrize(
    "location",
    ["ftp://model.example/", "http://", "http://[::1", "http://127.0.0.1:99999/", "/species/v1/ready"],
)
def test_redirect_that_leads_nowhere(
    gateway: Gateway, backend: Backend, caplog: pytest.LogCaptureFixture, location: str
) -> None:
    following = policy(backend='<forward-request follow-redirects="true" />')
    operation = Operation("ready", "GET", "/ready", policy=following)
    gateway.deploy(service(backend.url, operations=(operation,)))
    backend.status, backend.headers = 302, {"Location": location}
    assert_told_in_one_line(gateway, caplog, "BackendConnectionFailure")
