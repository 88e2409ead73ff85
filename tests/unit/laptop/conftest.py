"""A server on a free loopback port that answers as a test says, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import JsonValue


@dataclass
class Replies:
    """What the server answers by `METHOD path`, and the bodies that it got."""

    url: str = ""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    got: list[tuple[str, str]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)

    def answer(self, request: str, status: int, body: JsonValue) -> None:
        self.answers[request] = (status, json.dumps(body))


@pytest.fixture
def replies() -> Iterator[Replies]:
    kept = Replies()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            request = f"{self.command} {self.path.partition('?')[0]}"
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            kept.got.append((request, body))
            kept.queries.append(self.path.partition("?")[2])
            status, text = kept.answers.get(request, (404, "{}"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_PUT = do_POST = do_DELETE = _reply  # noqa: N815 - the names are the base class's

        def log_message(self, *_arguments: object) -> None:  # the names are the base class's
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def nobody() -> str:
    """The URL of a port where nothing listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_address[1]}"
