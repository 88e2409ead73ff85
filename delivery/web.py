"""Calls over HTTP: past the proxy to this machine itself, and again where a failure may pass."""

import time
from asyncio import sleep
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between tries: half a minute in all, within which what was just deployed is in force."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_PAUSE_SECONDS = 60.0
_PASSING = frozenset({httpx.codes.NOT_FOUND, httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS})

Request = Callable[[], Awaitable[httpx.Response]]


def client(timeout_seconds: float) -> httpx.AsyncClient:
    """Return a client that goes through the machine's proxy, except to the machine itself."""
    directly: dict[str, None] = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
    return httpx.AsyncClient(timeout=timeout_seconds, mounts=directly)


def is_loopback(url: str) -> bool:
    """Tell whether `url` is on this machine; one that cannot be read is not."""
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """Tell whether nobody on the way can read what is sent to `url`: it is encrypted, or stays on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (parts.scheme == "http" and is_loopback(url))


@dataclass(frozen=True)
class Answered:
    """The last answer to a request that was tried until one was final."""

    response: httpx.Response
    tries: int
    milliseconds: float
    """What the last try took, until its whole answer was there."""


class NoAnswerError(Exception):
    """Nobody answered, however often; the message says why."""

    def __init__(self, reason: str, tries: int) -> None:
        """Keep how often it was tried."""
        super().__init__(reason)
        self.tries = tries


async def persist(request: Request, pauses: Sequence[float] = PAUSES) -> Answered:
    """Make a request, again after each of the `pauses` while what comes back may pass by itself.

    That is no answer, 404 (not in force yet), 408, 429 (after its `Retry-After`, a minute at most) and 5xx.
    Raises NoAnswerError when the last try has no answer.
    """
    for tries, pause in enumerate(pauses, start=1):
        wait = pause
        try:
            answered = await _timed(request, tries)
        except httpx.TransportError:
            pass
        else:
            if not _may_pass(answered.response):
                return answered
            wait = max(pause, _retry_after(answered.response))
        await sleep(wait)
    last = len(pauses) + 1
    try:
        return await _timed(request, last)
    except httpx.TransportError as error:
        raise NoAnswerError(_reason(error), last) from error


async def _timed(request: Request, tries: int) -> Answered:
    started = time.monotonic()
    response = await request()
    return Answered(response, tries, (time.monotonic() - started) * 1000)


def _may_pass(response: httpx.Response) -> bool:
    return response.status_code in _PASSING or response.is_server_error


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds that the answer asks for; a date, which API Management does not send, counts as none."""
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE_SECONDS) if asked.isdecimal() else 0.0


def _reason(error: httpx.TransportError) -> str:
    """Return why there was no answer; the errors of timeouts have no text of their own."""
    return "it takes too long" if isinstance(error, httpx.TimeoutException) else str(error) or repr(error)
