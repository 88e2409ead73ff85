"""One call of a deployed model through the gateway, as its consumer would make it."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from pydantic import JsonValue

from delivery.smoke.parameters import filled, needed_headers
from delivery.smoke.tokens import AccessToken
from shared.azure.subscription_keys import KEY_HEADER
from shared.contracts.contract import Contract, Operation, Representation
from shared.contracts.media_types import is_json
from shared.model.announcement import Announcement
from shared.model.entrance import TOKEN_HEADER


@dataclass(frozen=True)
class DeployedVersion:
    """One version of a model, as its stack exports it."""

    model: str
    version: str
    urls: Mapping[str, str]
    """The URL of each operation at the gateway."""
    endpoints: Mapping[str, str]
    """Where the model itself answers, by deployment; none for a retired version."""
    subscription: str | None
    """The ARM id of the subscription of smoke tests; None where calls need no key."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """The headers by which a call tells the version."""

    def __str__(self) -> str:
        """Return model and version."""
        return f"{self.model} {self.version}"


@dataclass(frozen=True)
class Example:
    """A request that a version's contract gives as an example."""

    operation: Operation
    media_type: str
    body: JsonValue

    @property
    def text(self) -> str:
        """Return the body as it is sent: JSON, or a text of another media type as it is."""
        if isinstance(self.body, str) and not is_json(self.media_type):
            return self.body
        return json.dumps(self.body)


@dataclass(frozen=True)
class Call:
    """A request that one version of a model should answer."""

    deployed: DeployedVersion
    contract: Contract
    example: Example
    key: str | None = field(repr=False)
    """The subscription key; None where calls need none."""
    announced: Announcement | None = None
    """What consumers are told of the version's end; None where none is in sight."""
    token: AccessToken | None = None
    """The access token; None where calls need none."""

    @property
    def url(self) -> str:
        """Return the URL at the gateway, with what the contract asks for."""
        operation = self.example.operation
        return filled(self.deployed.urls[operation.name], operation)

    @property
    def operations(self) -> tuple[str, ...]:
        """Return every operation of this version as `METHOD URL`."""
        return tuple(f"{each.method:<4} {self.deployed.urls[each.name]}" for each in self.contract.operations)

    def curl(self) -> str:
        """Return a command line that makes this call when pasted into a shell, which fetches a token anew."""
        token = () if self.token is None else (f'-H "{TOKEN_HEADER}: Bearer $({self.token.command})"',)
        method, body = self.example.operation.method, self.example.text
        lines = (
            f"curl -s {'' if method == 'POST' else f'-X {method} '}{shlex.quote(self.url)}",
            *(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in self._headers.items()),
            *token,
            f"{'--data-raw' if body.startswith('@') else '-d'} {shlex.quote(body)}",  # `-d @name` sends a file
        )
        return " \\\n  ".join(lines)

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        """Make the call, once."""
        return await client.request(
            self.example.operation.method,
            self.url,
            content=self.example.text,
            headers=self.headers,
        )

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the request, key and token among them."""
        token = {} if self.token is None else {TOKEN_HEADER: f"Bearer {self.token.value}"}
        return {**self._headers, **token}

    @property
    def _headers(self) -> dict[str, str]:
        """Return the headers without the token."""
        key = {} if self.key is None else {KEY_HEADER: self.key}
        return {
            **needed_headers(self.example.operation),
            **self.deployed.headers,
            **key,
            "Content-Type": self.example.media_type,
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no output may show."""
        token = None if self.token is None else self.token.value
        return tuple(secret for secret in (self.key, token) if secret)


def example_of(contract: Contract) -> Example | None:
    """Return the contract's first example of a request; None where it has none."""
    for operation in contract.operations:
        for representation in _bodies(operation):
            if representation.example is not None:
                return Example(operation, representation.media_type, representation.example)
    return None


def _bodies(operation: Operation) -> tuple[Representation, ...]:
    return operation.request.representations if operation.request else ()
