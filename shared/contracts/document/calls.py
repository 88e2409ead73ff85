"""An example call of an operation, as a command line and as a program."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from pydantic import JsonValue

from shared.contracts.contract import Operation, Parameter, ParameterPlace
from shared.contracts.document.literals import shown_python
from shared.contracts.document.publication import Publication
from shared.contracts.media_types import JSON, is_json
from shared.contracts.version_place import VersionPlace

KEY_VARIABLE = "GATEWAY_KEY"
"""The environment variable that holds the subscription key in examples."""
TOKEN_VARIABLE = "GATEWAY_TOKEN"  # noqa: S105 - the name of a variable
"""The environment variable that holds the token in examples."""

_ARGUMENT = 4
"""Characters before an argument of the call in Python."""


@dataclass(frozen=True)
class CallExample:
    """A request, with secrets named by the variables that hold them."""

    method: str
    """The HTTP method."""
    url: str
    """The whole URL, with the parameters of path and query."""
    headers: Mapping[str, str]
    """The headers that the contract asks for, without secrets."""
    secrets: Mapping[str, tuple[str, str]]
    """By header, what stands before a secret and the environment variable that holds it."""
    media_type: str | None = None
    """The media type of the body; None where there is none."""
    body: JsonValue = field(default=None)
    """The body; None where there is none."""


def call_example(operation: Operation, publication: Publication) -> CallExample:
    """Return a call of the operation with the examples of its contract."""
    used = [each for each in operation.parameters if each.required]
    first = operation.request.representations[0] if operation.request is not None else None
    return CallExample(
        method=operation.method,
        url=_url(operation, used, publication),
        headers={**_headers(used), **_version_header(publication)},
        secrets=_secrets(publication),
        media_type=None if first is None else first.media_type,
        body=None if first is None else first.example,
    )


def _url(operation: Operation, parameters: Iterable[Parameter], publication: Publication) -> str:
    path, query = operation.url_template, {}
    for parameter in parameters:
        if parameter.place is ParameterPlace.PATH:
            path = path.replace(f"{{{parameter.name}}}", quote(_value(parameter), safe=""))
        elif parameter.place is ParameterPlace.QUERY:
            query[parameter.name] = _value(parameter)
    if publication.mark.place is VersionPlace.QUERY:
        query[publication.mark.name] = publication.version
    return f"{publication.base_url}{path}" + (f"?{urlencode(query)}" if query else "")


def _value(parameter: Parameter) -> str:
    """Return a parameter's example as it stands in a request; without one, its name between angle brackets."""
    if parameter.example is None:
        return f"<{parameter.name}>"
    return parameter.example if isinstance(parameter.example, str) else json.dumps(parameter.example)


def _headers(parameters: Iterable[Parameter]) -> dict[str, str]:
    return {each.name: _value(each) for each in parameters if each.place is ParameterPlace.HEADER}


def _version_header(publication: Publication) -> dict[str, str]:
    is_header = publication.mark.place is VersionPlace.HEADER
    return {publication.mark.name: publication.version} if is_header else {}


def _secrets(publication: Publication) -> dict[str, tuple[str, str]]:
    key = {} if publication.key_header is None else {publication.key_header: ("", KEY_VARIABLE)}
    token = {} if publication.token is None else {"Authorization": ("Bearer ", TOKEN_VARIABLE)}
    return {**key, **token}


def curl(call: CallExample) -> str:
    """Return a command line that makes the call when pasted into a shell that has the variables."""
    lines = [f"curl -sS {shlex.quote(call.url)}"]
    if call.method != ("POST" if call.media_type is not None else "GET"):
        lines[0] = f"curl -sS -X {call.method} {shlex.quote(call.url)}"
    lines += [f'-H "{name}: {before}${variable}"' for name, (before, variable) in call.secrets.items()]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in call.headers.items()]
    if call.media_type is not None:
        body = _text(call)
        option = "--data-raw" if body.startswith("@") else "-d"  # `-d @name` sends a file
        lines += [f"-H {shlex.quote(f'Content-Type: {call.media_type}')}", f"{option} {shlex.quote(body)}"]
    return " \\\n  ".join(lines)


def python(call: CallExample) -> str:
    """Return a program that makes the call with httpx."""
    secrets = [
        f'        "{name}": {_environ(before, variable)},'
        for name, (before, variable) in call.secrets.items()
    ]
    plain = [f"        {name!r}: {value!r}," for name, value in _plain_headers(call).items()]
    return "\n".join(
        (
            *(("import os", "") if secrets else ()),
            "import httpx",
            "",
            "answer = httpx.request(",
            f'    "{call.method}",',
            f"    {json.dumps(call.url)},",
            "    headers={",
            *secrets,
            *plain,
            "    },",
            *_body_argument(call),
            ")",
            "answer.raise_for_status()",
            "print(answer.text)",
        )
    )


def _environ(before: str, variable: str) -> str:
    value = f'os.environ["{variable}"]'
    return f'"{before}" + {value}' if before else value


def _plain_headers(call: CallExample) -> Mapping[str, str]:
    """Return the headers that are written out; httpx sets that of a body of JSON by itself."""
    if call.media_type in (None, JSON):
        return call.headers
    return {**call.headers, "Content-Type": str(call.media_type)}


def _body_argument(call: CallExample) -> tuple[str, ...]:
    if call.media_type is None:
        return ()
    if not is_json(call.media_type):
        return (f"    content={json.dumps(_text(call))},",)
    return (f"    json={shown_python(call.body, _ARGUMENT)},",)


def _text(call: CallExample) -> str:
    """Return the body as it is sent: JSON, or a text of another media type."""
    if isinstance(call.body, str) and call.media_type is not None and not is_json(call.media_type):
        return call.body
    return json.dumps(call.body, ensure_ascii=False)
