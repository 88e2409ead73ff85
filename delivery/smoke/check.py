"""Whether an answer is what the contract promises its consumers."""

import httpx

from delivery.smoke.call import Call
from shared.contracts.contract import Representation, Response
from shared.contracts.media_types import is_json
from shared.contracts.validation import why_not

_LONGEST_QUOTE = 300
_REFUSED = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN})


def fault(call: Call, response: httpx.Response) -> str | None:
    """Return what is wrong with the answer to a call, as a phrase without its secrets; None when nothing is."""
    status = response.status_code
    if status in _REFUSED:
        return f"the gateway does not let {_caller(call)} in: {status}{_quoted(response.text, call)}"
    ended = call.announced is not None and call.announced.is_retired
    if ended and status != httpx.codes.GONE:
        return f"it is retired, and gave {status} instead of {httpx.codes.GONE}{_quoted(response.text, call)}"
    if not ended and not response.is_success:
        return f"it gave {status}{_quoted(response.text, call)}"
    promised = {each.status: each for each in call.example.operation.responses}
    if status not in promised:
        named = ", ".join(str(each) for each in promised)
        return f"it gave {status}, which the contract does not have: it has {named}"
    return _body_fault(call, promised[status], response) or _unannounced(call, response)


def _caller(call: Call) -> str:
    """Return who is not let in, by what it shows."""
    login = "this login, whose client id `access.entra.client-applications` must name,"
    if call.token is None:
        return "its smoke subscription"
    return login if call.key is None else f"its smoke subscription and {login}"


def _body_fault(call: Call, promised: Response, response: httpx.Response) -> str | None:
    if not promised.representations:
        return None
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    body = _body_of(promised, media_type)
    if body is None:
        wanted = " or ".join(each.media_type for each in promised.representations)
        return f"its answer is of the media type {media_type or 'none'}, and the contract says {wanted}"
    if not is_json(media_type):
        return None
    try:
        problem = why_not(response.json(), body.schema, call.contract)
    except (ValueError, RecursionError):
        return f"its answer is not JSON:{_quoted(response.text, call)}"
    return None if problem is None else f"its answer does not fit the contract:{_quoted(problem, call)}"


def _unannounced(call: Call, response: httpx.Response) -> str | None:
    """Return what an answer does not tell of the end of its version; None when it tells all."""
    if call.announced is None:
        return None
    stage = call.announced.lifecycle.stage
    for name, value in call.announced.headers.items():
        found = response.headers.get(name, "")
        if value not in found:
            told = f"is {_quoted(found, call).strip()}" if found else "is missing"
            return f"it is {stage}, and the header {name} of its answer {told}: it must be {value}"
    return None


def _body_of(promised: Response, media_type: str) -> Representation | None:
    return next((each for each in promised.representations if each.media_type.lower() == media_type), None)


def _quoted(text: str, call: Call) -> str:
    """Return text from outside on one line, short and without the secrets, after a space; nothing for nothing."""
    for secret in call.secrets:
        text = text.replace(secret, "[secret]")
    line = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "?" for character in line)
    cut = shown if len(shown) <= _LONGEST_QUOTE else f"{shown[:_LONGEST_QUOTE]}..."
    return f" {cut}" if cut else ""
