"""An ARM server without HTTP: requests go straight to the engine."""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pydantic import JsonValue

from local_azure.arm.addresses import parse
from local_azure.arm.engine import Engine
from local_azure.arm.json_values import JsonObject, objects_at, text
from local_azure.arm.messages import Answer, ArmRequest, Failure
from local_azure.arm.operations import Operations
from local_azure.arm.resource_types import Site
from local_azure.arm.store import Store
from local_azure.arm.types import REGISTRY

SUBSCRIPTION = "/subscriptions/7b6c4a35-0c4e-4df2-9a52-2f3f0a1d9c11"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-contoso"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-contoso"
SITE = Site("http://127.0.0.1:8400", "http://127.0.0.1:8401")
PLACE: JsonObject = {"location": "westeurope"}
SERVICE_BODY: JsonObject = {
    "location": "westeurope",
    "sku": {"name": "Developer", "capacity": 1},
    "properties": {"publisherEmail": "platform@contoso.example", "publisherName": "Contoso"},
}


@dataclass
class Clock:
    """A clock that goes on when a test says so."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class LocalArm:
    """One store and the engine on it."""

    store: Store
    clock: Clock = field(default_factory=Clock)

    @cached_property
    def engine(self) -> Engine:
        return Engine(self.store, REGISTRY, SITE, Operations(self.clock))

    def send(  # noqa: PLR0913 - one parameter for each part of a request
        self,
        method: str,
        path: str,
        body: JsonValue | bytes = None,
        *,
        version: str | None = None,
        authorization: str = "Bearer anyone",
        if_match: str | None = None,
        **query: str,
    ) -> Answer:
        """Send a request, with the newest api-version of the type unless another one is given.

        PATCH and DELETE are told to match whatever is there, unless told otherwise.
        """
        if if_match is None:
            if_match = "*" if method in {"PATCH", "DELETE"} else ""
        named = {"api-version": newest_version(path) if version is None else version}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        request = ArmRequest(method, path, {**query, **named}, content, authorization, if_match)
        return self.engine.handle(request)

    def begin(
        self,
        method: str,
        path: str,
        body: JsonValue = None,
        *,
        until: float = 0.0,
        failure: Failure | None = None,
    ) -> Answer:
        """Send a write whose operation, if it begins one, lasts until then and ends like that."""
        return self.engine.handle(replace(request_for(method, path, body), until=until, failure=failure))

    def put(self, path: str, body: JsonObject, **query: str) -> JsonObject:
        """PUT what has to be accepted and return what is answered."""
        answer = self.send("PUT", path, body, **query)
        assert answer.status in {200, 201}, answer.body
        return answer.body or {}

    def get(self, path: str, **query: str) -> JsonObject:
        """GET what has to be there."""
        answer = self.send("GET", path, **query)
        assert answer.status == 200, answer.body
        return answer.body or {}

    def refusal(self, method: str, path: str, body: JsonValue = None, **query: str) -> tuple[int, str, str]:
        """Return status, code and sentence of a refusal; it has to leave everything as it was."""
        before = self.store.revision
        answer = self.send(method, path, body, **query)
        assert answer.status >= 400, answer.body
        assert self.store.revision == before
        details = objects_at(answer.body, "error", "details")
        sentences = [text(answer.body, "error", "message"), *(text(item, "message") for item in details)]
        return answer.status, text(answer.body, "error", "code"), " ".join(sentences)


def request_for(method: str, path: str, body: JsonValue = None) -> ArmRequest:
    """Return a request that anyone may send, and that matches whatever is there."""
    content = b"" if body is None else json.dumps(body).encode()
    return ArmRequest(method, path, {"api-version": newest_version(path)}, content, "Bearer anyone", "*")


def newest_version(path: str) -> str:
    """Return the newest api-version of what a path addresses."""
    address = parse(path)
    if address is not None and address.leaf in {"providers", "resources"}:
        return "2022-09-01"
    while address is not None:
        entry = REGISTRY.of(address)
        if entry:
            return entry.api_versions[-1]
        address = address.parent
    return "2022-12-01"


def names(collection: JsonObject) -> list[str]:
    """Return the names in a collection."""
    return [text(item, "name") for item in objects_at(collection, "value")]


def open_store(folder: Path) -> LocalArm:
    """Open the state in a folder."""
    return LocalArm(Store(folder))
