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
class Call:
    """A request that one version of a model should answer."""

    model: str
    version: str
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


def example_call(model: str, version: str, contract: Contract, urls: Mapping[str, str], key: str) -> Call:
    """Return the call that the contract's first example describes.

    `urls` maps the names of the version's operations to their URLs, as the stack exports them.
    Raises LaptopError when the contract has no example of a request.
    """
    operations = tuple(f"{each.method:<4} {urls[each.name]}" for each in contract.operations)
    for operation in contract.operations:
        for representation in operation.request.representations if operation.request else ():
            if representation.example is not None:
                return Call(
                    model=model,
                    version=version,
                    method=operation.method,
                    url=urls[operation.name],
                    media_type=representation.media_type,
                    body=representation.example,
                    key=key,
                    operations=operations,
                )
    raise LaptopError(f"The contract of {model} {version} has no example request to call it with.")


def send(call: Call) -> Answer:
    """Make the call.

    Raises LaptopError with the gateway's answer when it is not a success.
    """
    answer = httpx.request(
        call.method,
        call.url,
        content=json.dumps(call.body),
        headers={_KEY_HEADER: call.key, "Content-Type": call.media_type},
        timeout=_TIMEOUT_SECONDS,
        trust_env=False,
    )
    if not answer.is_success:
        raise LaptopError(
            f"{call.model} {call.version} is deployed but does not answer: {call.method} {call.url} gave "
            f"{answer.status_code} {answer.text}. See .local/logs/azure.log and .local/logs/model-server.log."
        )
    body: JsonValue = answer.json()
    return Answer(answer.status_code, body)
