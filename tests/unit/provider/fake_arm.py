"""A scripted ARM endpoint: stores what is PUT, and answers with what a test has queued."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, ClassVar, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from pydantic import JsonValue

    from local_azure.provider.values import JsonObject


@dataclass(frozen=True)
class Reply:
    """One answer; a body of None is empty."""

    status: int
    body: JsonValue = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """One request: method, path, query as sent, body, header If-Match."""

    method: str
    path: str
    query: str
    body: JsonObject
    if_match: str | None


class FakeArm:
    """Answers `METHOD path` from `replies` (in order, then the store): GET and PUT of resources, DELETE."""

    def __init__(self) -> None:
        self.resources: dict[str, JsonObject] = {}
        self.received: list[Received] = []
        self.replies: dict[str, list[Reply]] = {}

        class Handler(_Handler):
            arm = self

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def queue(self, request: str, *replies: Reply) -> None:
        self.replies.setdefault(request, []).extend(replies)

    def sent(self, method: str) -> list[Received]:
        return [item for item in self.received if item.method == method]

    def answer(self, request: Received) -> Reply:
        self.received.append(request)
        queued = self.replies.get(f"{request.method} {request.path}")
        if queued:
            return queued.pop(0)
        match request.method:
            case "PUT":
                found = request.body | {
                    "id": request.path,
                    "name": request.path.rpartition("/")[2],
                    "type": "t",
                }
                self.resources[request.path] = found
                return Reply(200, found)
            case "DELETE":
                return Reply(200 if self.resources.pop(request.path, None) else 404)
        if request.path in self.resources:
            return Reply(200, self.resources[request.path])
        return Reply(404, {"error": {"code": "ResourceNotFound", "message": "not there"}})


class _Handler(BaseHTTPRequestHandler):
    arm: ClassVar[FakeArm]

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body, if_match = json.loads(text or b"{}"), self.headers["If-Match"]
        reply = self.arm.answer(Received(self.command, parts.path, parts.query, body, if_match))
        content = b"" if reply.body is None else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = _answer  # noqa: N815 - the names that the standard library looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Keep the tests' output clean."""
