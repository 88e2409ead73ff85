"""One request to GitHub: repeated where that is safe, and refused with a sentence that says what helps."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from pydantic import JsonValue

from delivery.errors import DeliveryError
from delivery.github.repository import Repository

ATTEMPTS = 4
TIMEOUT_SECONDS = 30.0
PAUSE_SECONDS = 3.0
"""Between attempts at what failed."""
LONGEST_WAIT_SECONDS = 120
"""A job does not wait longer for a limit of GitHub than this."""
LIMITED_WAIT_SECONDS = 60
"""What GitHub asks for when it limits and does not say for how long.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

Sleep = Callable[[float], None]


class GitHubError(DeliveryError):
    """GitHub refuses a request; the message says which and what helps."""

    def __init__(self, message: str, status: int) -> None:
        """Keep the HTTP status; 0 when GitHub was not reached."""
        super().__init__(message)
        self.status = status


class UncertainError(GitHubError):
    """GitHub failed, or the connection did, while it handled a request that is not safe to repeat."""


@dataclass(frozen=True)
class Request:
    """One request, and what it needs."""

    method: str
    path: str
    """Below the repository, such as `issues/7/comments`; from the root with a slash before it."""
    needs: str
    """The permission of a workflow's job, such as `issues: write`."""
    body: JsonValue = None
    query: Mapping[str, str | int] | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether doing it twice is the same as once."""
        return self.method in {"GET", "PATCH"}


class Connection:
    """Sends requests for one repository."""

    def __init__(self, repository: Repository, sleep: Sleep = time.sleep) -> None:
        """Open nothing yet; `sleep` waits between attempts."""
        self._repository = repository
        self._sleep = sleep
        self._client = httpx.Client(
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {repository.token}",
                "User-Agent": "model-gateway",
                "X-GitHub-Api-Version": "2022-11-28",
            },
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,  # the token goes nowhere else
        )

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def send(self, request: Request) -> JsonValue:
        """Return what GitHub answers.

        Raises GitHubError when it refuses or cannot be reached, after some attempts where that is worth it, and
        UncertainError where another attempt could do it twice.
        """
        for attempt in range(1, ATTEMPTS + 1):
            outcome = self._try(request)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return _json(outcome)
            self._sleep(self._wait(request, outcome, is_last=attempt == ATTEMPTS))
        raise AssertionError(ATTEMPTS)

    def _try(self, request: Request) -> httpx.Response | httpx.TransportError:
        root = self._repository.api_url
        below = "" if request.path.startswith("/") else f"/repos/{self._repository.name}/"
        url, query = f"{root}{below}{request.path}", dict(request.query or {})
        try:
            return self._client.request(request.method, url, json=request.body, params=query)
        except httpx.TransportError as error:
            return error

    def _wait(
        self, request: Request, outcome: httpx.Response | httpx.TransportError, *, is_last: bool
    ) -> float:
        """Return after how many seconds another attempt is worth it; raises GitHubError when none is."""
        if isinstance(outcome, httpx.Response):
            limited = _limited(outcome)
            if limited is not None and (is_last or limited > LONGEST_WAIT_SECONDS):
                raise GitHubError(_limit_sentence(request, limited), outcome.status_code)
            if limited is not None:
                return limited
            if outcome.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                raise GitHubError(self._refusal(request, outcome), outcome.status_code)
        failed = _failure(request, outcome)
        if not request.is_repeatable and not isinstance(outcome, httpx.ConnectError):
            raise UncertainError(failed, _status(outcome))
        if is_last:
            raise GitHubError(failed, _status(outcome))
        return PAUSE_SECONDS

    def _refusal(self, request: Request, answer: httpx.Response) -> str:
        what = f"GitHub refuses {_named(request)}"
        said = _message(answer)
        match answer.status_code:
            case httpx.codes.UNAUTHORIZED:
                return f"{what}: GITHUB_TOKEN is not valid, or no longer ({said}). Give the step a fresh one."
            case httpx.codes.FORBIDDEN:
                return (
                    f"{what}: the token lacks `{request.needs}` ({said}). Add it to the job's `permissions`."
                )
            case httpx.codes.NOT_FOUND | httpx.codes.GONE:
                return (
                    f"{what}: {self._repository.name} has no such thing, or the token may not see it ({said}). Look at "
                    f"GITHUB_REPOSITORY, and whether the job has the permission `{request.needs}`."
                )
            case httpx.codes.UNPROCESSABLE_ENTITY:
                return f"{what}: it finds the request wrong ({said}). Report this: it is a fault of ./dev publish."
        return f"{what}: it answers {answer.status_code} ({said}). Try again, and look at https://www.githubstatus.com."


def _limited(answer: httpx.Response) -> float | None:
    """Return how many seconds GitHub wants to be left alone; None when it does not limit."""
    if answer.status_code not in {httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS}:
        return None
    after = answer.headers.get("retry-after", "")
    if after.isdecimal():
        return float(after)
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(0.0, int(reset) - datetime.now(UTC).timestamp()) + 1
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or "rate limit" in _message(answer).lower():
        return LIMITED_WAIT_SECONDS
    return None


def _limit_sentence(request: Request, wait: float) -> str:
    return (
        f"GitHub limits how often it may be asked, and puts off {_named(request)} for {wait:.0f} s. Run the job again "
        "after that."
    )


def _status(outcome: httpx.Response | httpx.TransportError) -> int:
    return outcome.status_code if isinstance(outcome, httpx.Response) else 0


def _failure(request: Request, outcome: httpx.Response | httpx.TransportError) -> str:
    status = _status(outcome)
    why = f"it answers {status}" if status else str(outcome) or type(outcome).__name__
    return f"GitHub fails at {_named(request)} ({why}). Run the job again, and look at https://www.githubstatus.com."


def _named(request: Request) -> str:
    return f"{request.method} {request.path}"


def _message(answer: httpx.Response) -> str:
    body = _json(answer)
    message = body.get("message") if isinstance(body, dict) else None
    return message.rstrip(".") if isinstance(message, str) else f"status {answer.status_code}"


def _json(answer: httpx.Response) -> JsonValue:
    try:
        body: JsonValue = answer.json()
    except ValueError:
        return None
    return body
