"""A client for Azure Resource Manager: requests, retries, and long-running operations.

The protocol is Microsoft's "Azure Resource Manager asynchronous operations" page. What is repeated is what the official
provider repeats (provider/pkg/azure/client_azcore.go of pulumi/pulumi-azure-native, and the retry policy of azcore,
sdk/azcore/runtime/policy_retry.go of Azure/azure-sdk-for-go): three times, after a request that was not answered, after
some statuses, and after one conflict. It waits 20, 60 and 120 seconds between; a laptop needs less.
The standard library's HTTP client serves: importing a larger one would take longer than most operations of the engine.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from local_azure.provider.errors import ArmError, NoAnswerError, NotRunningError, ProviderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from local_azure.provider.values import JsonObject

_REQUEST_TIMEOUT = 60.0  # seconds that one request may take
_RETRIED = frozenset({408, 429, 500, 502, 503, 504})
_RETRY_DELAYS = (0.5, 1.0, 2.0)  # seconds, unless the answer has Retry-After
_LONGEST_RETRY_AFTER = 120.0  # seconds: an answer that asks for more is not waited for
_POLL_DELAY = 0.2  # seconds, unless the answer has Retry-After
_HEADERS = {"Authorization": "Bearer local", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; header names are in lower case, the body is empty when there is none."""

    status: int
    headers: Mapping[str, str]
    body: JsonObject

    @property
    def retry_after(self) -> float | None:
        """The seconds that the service asks to wait."""
        text = self.headers.get("retry-after", "")
        return float(text) if text.isdigit() else None


class ArmClient:
    """Sends requests to one ARM endpoint; safe to use from several threads."""

    def __init__(self, endpoint: str, retry_delays: tuple[float, ...] = _RETRY_DELAYS) -> None:
        """Take the endpoint, such as http://127.0.0.1:8080, and the seconds to wait before each further try.

        Raises ProviderError when it is no http URL.
        """
        parts = urlsplit(endpoint)
        if parts.scheme != "http" or parts.hostname is None:
            raise ProviderError(
                f"LOCAL_AZURE_ARM is {endpoint!r}; it must be the local Azure's URL, such as "
                "http://127.0.0.1:8080. `./dev env local` prints it."
            )
        self._endpoint = endpoint.rstrip("/")
        self._host = parts.hostname
        self._port = parts.port or http.client.HTTP_PORT
        self._retry_delays = retry_delays
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End every wait; the operations that are under way raise ProviderError."""
        self._cancelled.set()

    def get(self, resource_id: str, api_version: str) -> JsonObject | None:
        """Return a resource, or None when it does not exist."""
        answer = self._request("GET", _url(resource_id, {"api-version": api_version}))
        if answer.status in {http.client.NOT_FOUND, http.client.NO_CONTENT}:
            return None
        return _accepted(answer).body

    def put(self, resource_id: str, query: Mapping[str, str], body: JsonObject) -> Answer:
        """Send a resource and return the first answer; see `wait` for what may follow."""
        return _accepted(self._request("PUT", _url(resource_id, query), body))

    def delete(self, resource_id: str, api_version: str, timeout: float) -> None:
        """Delete a resource and wait until it is gone; one that does not exist is gone."""
        answer = self._request("DELETE", _url(resource_id, {"api-version": api_version}))
        if answer.status != http.client.NOT_FOUND:
            self.wait(_accepted(answer), timeout)

    def wait(self, answer: Answer, timeout: float) -> None:
        """Wait for the operation that an answer announces, at most `timeout` seconds.

        The first question comes at once unless the answer asks for patience, as azcore's `PollUntilDone` does it.
        Raises ArmError when the operation fails.
        """
        pause = answer.retry_after or 0.0
        deadline = time.monotonic() + timeout
        operation = answer.headers.get("azure-asyncoperation")
        location = answer.headers.get("location") if answer.status == http.client.ACCEPTED else None
        while operation or location:
            self._sleep(pause, deadline)
            answer = self._request("GET", _path_of(operation or location or ""))
            if answer.status == http.client.NOT_FOUND and location and not operation:
                return  # what was deleted is gone
            _accepted(answer)
            if operation:
                if not _pending(answer):
                    return
            elif answer.status != http.client.ACCEPTED:
                return
            pause = answer.retry_after or _POLL_DELAY

    def _request(self, method: str, url: str, body: JsonObject | None = None) -> Answer:
        for delay in self._retry_delays:
            try:
                answer = self._send(method, url, body)
            except NoAnswerError:
                self._sleep(delay, None)
                continue
            pause = delay if answer.retry_after is None else answer.retry_after
            if not _transient(answer) or pause > _LONGEST_RETRY_AFTER:
                return answer
            self._sleep(pause, None)
        return self._send(method, url, body)

    def _send(self, method: str, url: str, body: JsonObject | None) -> Answer:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_REQUEST_TIMEOUT)
        # The official provider writes over whatever is there, and API Management wants to hear it.
        matching = {"If-Match": "*"} if method in {"DELETE", "PATCH"} else {}
        headers = (
            _HEADERS
            | matching
            | ({} if body is None else {"Content-Type": "application/json; charset=utf-8"})
        )
        try:
            connection.request(method, url, None if body is None else json.dumps(body).encode(), headers)
            response = connection.getresponse()
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                _json_object(response.read()),
            )
        except ConnectionRefusedError as error:
            raise NotRunningError(self._endpoint) from error
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswerError(f"{method} {url} at {self._endpoint} failed: {error}.") from error
        finally:
            connection.close()

    def _sleep(self, seconds: float, deadline: float | None) -> None:
        if deadline is not None and time.monotonic() + seconds > deadline:
            raise ProviderError(
                "The operation did not end in time: set longer `custom_timeouts` on the resource."
            )
        if self._cancelled.wait(seconds):
            raise ProviderError("The operation was cancelled.")


def _url(resource_id: str, query: Mapping[str, str]) -> str:
    return f"{resource_id}?{urlencode(query)}"


def _path_of(url: str) -> str:
    """Return path and query: the service behind the endpoint is asked whatever host it calls itself."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _json_object(text: bytes) -> JsonObject:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _accepted(answer: Answer) -> Answer:
    if answer.status >= http.client.BAD_REQUEST:
        raise ArmError(answer.status, answer.body.get("error", answer.body))
    return answer


def _transient(answer: Answer) -> bool:
    error = answer.body.get("error")
    busy = isinstance(error, dict) and error.get("code") == "AnotherOperationInProgress"
    return answer.status in _RETRIED or (answer.status == http.client.CONFLICT and busy)


def _pending(answer: Answer) -> bool:
    """Tell whether an operation still runs.

    Raises ArmError when it has failed.
    """
    status: JsonValue = answer.body.get("status")
    text = status.lower() if isinstance(status, str) else ""
    if text in {"failed", "canceled"}:
        raise ArmError(answer.status, answer.body.get("error", {"code": status}))
    return answer.status == http.client.ACCEPTED or text not in {"succeeded", ""}
