"""A server on a free loopback port that answers as a test says, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import JsonValue


@dataclass
class Replies:
    """What the server answers by `METHOD path`, and the bodies that it got."""

    url: str = ""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    first: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """What it answers before, once each."""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    got: list[tuple[str, str]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    """The headers of each request."""

    def answer(self, request: str, status: int, body: JsonValue) -> None:
        self.answers[request] = (status, json.dumps(body))

    def next(self, request: str) -> tuple[int, str]:
        before = self.first.get(request)
        return before.pop(0) if before else self.answers.get(request, (404, "{}"))


@contextmanager
def serving() -> Iterator[Replies]:
    """Serve during the body."""
    kept = Replies()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            request = f"{self.command} {self.path.partition('?')[0]}"
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            kept.got.append((request, body))
            kept.sent.append(dict(self.headers.items()))
            kept.queries.append(self.path.partition("?")[2])
            status, text = kept.next(request)
            self.send_response(status)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_PUT = do_POST = do_DELETE = _reply  # noqa: N815 - the names are the base class's

        def log_message(self, *_arguments: object) -> None:  # the names are the base class's
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def unserved() -> str:
    """Return the URL of a port where nothing listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_address[1]}"
