from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from local_azure.provider.arm import Answer, ArmClient
from local_azure.provider.errors import ArmError, NotRunningError, ProviderError
from tests.unit.provider.fake_arm import FakeArm, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.provider.values import JsonObject

_ID = "/subscriptions/s1/resourceGroups/contoso-rg"
_VERSION = "2024-03-01"
_QUICKLY = (0.0, 0.0, 0.0)
_RUNNING = Reply(200, {"status": "InProgress"}, {"Retry-After": "0"})


def test_a_resource_that_does_not_exist_is_none(arm: FakeArm) -> None:
    assert ArmClient(arm.url).get(_ID, _VERSION) is None


def test_requests_carry_api_version_and_query(arm: FakeArm) -> None:
    ArmClient(arm.url).put(_ID, {"api-version": _VERSION, "notify": "false"}, {"location": "westeurope"})
    request = arm.received[0]
    assert (request.method, request.path, request.query) == (
        "PUT",
        _ID,
        "api-version=2024-03-01&notify=false",
    )
    assert request.body == {"location": "westeurope"}


def test_an_error_reads_like_the_official_providers(arm: FakeArm) -> None:
    error: JsonObject = {
        "code": "ValidationError",
        "message": "One or more fields contain incorrect values:",
        "details": [{"code": "ValidationError", "target": "path", "message": "API with that path exists"}],
    }
    arm.queue(f"PUT {_ID}", Reply(400, {"error": error}))
    with pytest.raises(ArmError) as raised:
        ArmClient(arm.url).put(_ID, {}, {})
    assert str(raised.value) == (
        'Status=400 Code="ValidationError" Message="One or more fields contain incorrect values: '
        'path: API with that path exists"'
    )


def test_an_answer_that_is_no_json_still_tells_its_status(arm: FakeArm) -> None:
    arm.queue(f"GET {_ID}", Reply(403, "forbidden"))
    with pytest.raises(ArmError, match='Status=403 Code="" Message=""'):
        ArmClient(arm.url).get(_ID, _VERSION)


@pytest.mark.parametrize(
    "busy",
    [
        *(Reply(status, None, {"Retry-After": "0"}) for status in (408, 429, 500, 502, 503, 504)),
        Reply(409, {"error": {"code": "AnotherOperationInProgress"}}, {"Retry-After": "0"}),
    ],
    ids=lambda reply: str(reply.status),
)
def test_a_request_that_comes_too_early_is_repeated(arm: FakeArm, busy: Reply) -> None:
    arm.queue(f"PUT {_ID}", busy, busy)
    assert ArmClient(arm.url).put(_ID, {}, {}).status == 200
    assert len(arm.sent("PUT")) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 405, 412, 501])
def test_any_other_refusal_is_told_at_once(arm: FakeArm, status: int) -> None:
    arm.queue(f"PUT {_ID}", Reply(status, {"error": {"code": "Refused", "message": "no"}}))
    with pytest.raises(ArmError, match=f'Status={status} Code="Refused"'):
        ArmClient(arm.url).put(_ID, {}, {})
    assert len(arm.sent("PUT")) == 1


def test_a_service_that_stays_unavailable_is_told(arm: FakeArm) -> None:
    unavailable = Reply(503, {"error": {"code": "ServerBusy", "message": "busy"}}, {"Retry-After": "0"})
    arm.queue(f"GET {_ID}", *[unavailable] * 4)
    with pytest.raises(ArmError, match='Status=503 Code="ServerBusy"'):
        ArmClient(arm.url).get(_ID, _VERSION)


def test_an_answer_that_asks_for_more_patience_than_two_minutes_is_told_at_once(arm: FakeArm) -> None:
    throttled: JsonObject = {"error": {"code": "TooManyRequests", "message": "Try again in an hour."}}
    arm.queue(f"PUT {_ID}", Reply(429, throttled, {"Retry-After": "3600"}))
    with pytest.raises(ArmError, match=r'Status=429 Code="TooManyRequests" Message="Try again in an hour\."'):
        ArmClient(arm.url).put(_ID, {}, {})
    assert len(arm.sent("PUT")) == 1


def test_a_conflict_of_api_management_is_not_repeated(arm: FakeArm) -> None:
    arm.queue(
        f"PUT {_ID}", Reply(409, {"error": {"code": "PessimisticConcurrencyConflict", "message": "busy"}})
    )
    with pytest.raises(ArmError, match="PessimisticConcurrencyConflict"):
        ArmClient(arm.url).put(_ID, {}, {})


def test_an_accepted_operation_is_followed_at_its_status_url(arm: FakeArm) -> None:
    status = "/subscriptions/s1/operations/1"
    # The host of the URL does not matter: the endpoint that took the request is asked.
    headers = {
        "Azure-AsyncOperation": f"https://management.example{status}?api-version=1",
        "Retry-After": "0",
    }
    arm.queue(f"PUT {_ID}", Reply(201, {}, headers))
    arm.queue(f"GET {status}", _RUNNING, _RUNNING, Reply(200, {"status": "Succeeded"}))
    client = ArmClient(arm.url)
    client.wait(client.put(_ID, {}, {}), timeout=10)
    assert [request.query for request in arm.sent("GET")] == ["api-version=1"] * 3


def test_the_first_question_after_an_operation_comes_when_the_answer_asks_for_it(arm: FakeArm) -> None:
    client = ArmClient(arm.url)
    arm.queue("GET /operations/1", Reply(200, {"status": "Succeeded"}))
    client.wait(Answer(201, {"azure-asyncoperation": "/operations/1"}, {}), timeout=3)
    patient = Answer(201, {"azure-asyncoperation": "/operations/1", "retry-after": "5"}, {})
    with pytest.raises(ProviderError, match="custom_timeouts"):
        client.wait(patient, timeout=4)
    assert len(arm.sent("GET")) == 1


def test_an_accepted_operation_is_followed_at_its_location(arm: FakeArm) -> None:
    location = "/subscriptions/s1/results/1"
    headers = {"Location": f"{arm.url}{location}", "Retry-After": "0"}
    arm.queue(f"DELETE {_ID}", Reply(202, None, headers))
    arm.queue(f"GET {location}", Reply(202, None, headers), Reply(204))
    ArmClient(arm.url).delete(_ID, _VERSION, timeout=10)
    assert len(arm.sent("GET")) == 2


def test_an_operation_that_fails_tells_why(arm: FakeArm) -> None:
    headers = {"Azure-AsyncOperation": f"{arm.url}/operations/1", "Retry-After": "0"}
    arm.queue(f"PUT {_ID}", Reply(201, {}, headers))
    failed: JsonObject = {"status": "Failed", "error": {"code": "ActivationFailed", "message": "no capacity"}}
    arm.queue("GET /operations/1", Reply(200, failed))
    client = ArmClient(arm.url)
    with pytest.raises(ArmError, match='Code="ActivationFailed" Message="no capacity"'):
        client.wait(client.put(_ID, {}, {}), timeout=10)


def test_an_operation_that_takes_too_long_names_the_remedy(arm: FakeArm) -> None:
    headers = {"Azure-AsyncOperation": f"{arm.url}/operations/1", "Retry-After": "5"}
    arm.queue(f"PUT {_ID}", Reply(201, {}, headers))
    client = ArmClient(arm.url)
    with pytest.raises(ProviderError, match="custom_timeouts"):
        client.wait(client.put(_ID, {}, {}), timeout=1)


def test_cancelling_ends_a_wait(arm: FakeArm) -> None:
    headers = {"Azure-AsyncOperation": f"{arm.url}/operations/1", "Retry-After": "60"}
    arm.queue(f"PUT {_ID}", Reply(201, {}, headers))
    client = ArmClient(arm.url)
    answer = client.put(_ID, {}, {})
    thread = Thread(target=client.cancel)
    started = time.monotonic()
    thread.start()
    with pytest.raises(ProviderError, match="cancelled"):
        client.wait(answer, timeout=120)
    thread.join()
    assert time.monotonic() - started < 10


def test_deleting_what_is_gone_is_no_error(arm: FakeArm) -> None:
    ArmClient(arm.url).delete(_ID, _VERSION, timeout=1)
    assert len(arm.sent("DELETE")) == 1


def test_a_deletion_matches_whatever_is_there_and_a_put_asks_for_nothing(arm: FakeArm) -> None:
    client = ArmClient(arm.url)
    client.put(_ID, {}, {})
    client.delete(_ID, _VERSION, timeout=1)
    assert [item.if_match for item in arm.received] == [None, "*"]


def test_an_endpoint_that_nobody_serves_tells_how_to_start_it() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(NotRunningError, match=f"does not run at {url}: start it with `./dev local`"):
        ArmClient(url, _QUICKLY).get(_ID, _VERSION)


@pytest.mark.parametrize(
    "answer", [b"", b"no HTTP\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_a_request_whose_answer_breaks_off_is_repeated_until_it_is_told(answer: bytes) -> None:
    with (
        _answering(*[answer] * 4) as url,
        pytest.raises(ProviderError, match=f"PUT {_ID}.* at {url} failed: ") as raised,
    ):
        ArmClient(url, _QUICKLY).put(_ID, {}, {})
    assert not isinstance(raised.value, NotRunningError)


def test_a_request_whose_answer_was_lost_is_answered_the_next_time() -> None:
    whole = b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"location": "we"}'
    with _answering(b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", whole) as url:
        assert ArmClient(url, _QUICKLY).get(_ID, _VERSION) == {"location": "we"}


@contextmanager
def _answering(*answers: bytes) -> Iterator[str]:
    """Give the URL of a server that takes as many connections as there are answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_answer_each, args=(listening, answers))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            thread.join(timeout=10)


def _answer_each(listening: socket.socket, answers: tuple[bytes, ...]) -> None:
    for answer in answers:
        _answer_once(listening, answer)


def _answer_once(listening: socket.socket, answer: bytes) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(65_536)


@pytest.mark.parametrize("url", ["https://management.azure.com", "127.0.0.1:8080", ""])
def test_an_endpoint_that_is_no_local_url_is_refused(url: str) -> None:
    with pytest.raises(ProviderError, match="it must be the local Azure's URL"):
        ArmClient(url)
