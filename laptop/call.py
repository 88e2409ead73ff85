"""One call of a deployed model through the gateway, as its consumer would make it."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from pydantic import JsonValue

from laptop.errors import LaptopError
from shared.contracts.contract import Contract

_TIMEOUT_SECONDS = 30.0
_KEY_HEADER = "Ocp-Apim-Subscription-Key"


@dataclass(frozen=True)
class DeployedVersion:
    """One version of a model, as its stack exports it."""

    model: str
    version: str
    urls: Mapping[str, str]
    """The URL of each operation at the gateway."""
    endpoint: str
    """Where the model itself answers."""

    def __str__(self) -> str:
        """Return model and version."""
        return f"{self.model} {self.version}"


@dataclass(frozen=True)
class Call:
    """A request that one version of a model should answer."""

    deployed: DeployedVersion
    method: str
    url: str
    media_type: str
    body: JsonValue
    """The contract's own example."""
    key: str = field(repr=False)
    """The subscription key."""
    operations: tuple[str, ...]
    """Every operation of this version as `METHOD URL`."""

    def curl(self) -> str:
        """Return a command line that makes this call when pasted into a shell."""
        lines = (
            f"curl -s {self.url}",
            f"-H {shlex.quote(f'{_KEY_HEADER}: {self.key}')}",
            f"-H {shlex.quote(f'Content-Type: {self.media_type}')}",
            f"-d {shlex.quote(json.dumps(self.body))}",
        )
        return " \\\n  ".join(lines)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: JsonValue


def example_call(deployed: DeployedVersion, contract: Contract, key: str) -> Call:
    """Return the call that the contract's first example describes.

    Raises LaptopError when the contract has no example of a request.
    """
    for operation in contract.operations:
        for representation in operation.request.representations if operation.request else ():
            if representation.example is not None:
                return Call(
                    deployed=deployed,
                    method=operation.method,
                    url=deployed.urls[operation.name],
                    media_type=representation.media_type,
                    body=representation.example,
                    key=key,
                    operations=tuple(
                        f"{each.method:<4} {deployed.urls[each.name]}" for each in contract.operations
                    ),
                )
    raise LaptopError(f"The contract of {deployed} has no example request to call it with.")


def send(call: Call) -> Answer:
    """Make the call.

    Raises LaptopError with the reason when no success, or no JSON, comes back.
    """
    try:
        answer = httpx.request(
            call.method,
            call.url,
            content=json.dumps(call.body),
            headers={_KEY_HEADER: call.key, "Content-Type": call.media_type},
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise _no_answer(call, str(error)) from error
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise LaptopError(
            f"{call.deployed} is deployed, and its limit is used up for now: {call.url} gave 429 "
            f"{answer.text}. The limit is `limits` in models/{call.deployed.model}/model.yaml."
        )
    if not answer.is_success:
        raise _no_answer(call, f"it gave {answer.status_code} {answer.text}")
    try:
        body: JsonValue = answer.json()
    except ValueError as error:
        raise _no_answer(call, f"it gave {answer.text!r}, which is not JSON") from error
    return Answer(answer.status_code, body)


def _no_answer(call: Call, reason: str) -> LaptopError:
    return LaptopError(
        f"{call.deployed} is deployed, but {call.method} {call.url} does not answer as it should: "
        f"{reason}. Its model server is {call.deployed.endpoint}. "
        "See .local/logs/azure.log and .local/logs/model-server.log."
    )
