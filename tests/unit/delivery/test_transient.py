"""Which failures of Azure pass, in the words in which they are told, and how long a delivery waits for that."""

import random

import pytest

from delivery import transient
from delivery.transient import LONGEST_SECONDS, MOST_ATTEMPTS, Patience


@pytest.mark.parametrize(
    "words",
    [
        # azure-native, of API Management and of Azure Resource Manager (its pull request 4765)
        'Status=409 Code="PessimisticConcurrencyConflict" Message="Operation on the API is in progress"',
        'Status=409 Code="ConflictingConcurrentWriteNotAllowed" Message="The operation was interrupted."',
        'Status=409 Code="Conflict" Message="The request failed due to conflict with a concurrent request."',
        'Status=429 Code="TooManyRequests" Message="Please retry after 17 seconds."',
        'Status=500 Code="InternalServerError" Message="Something went wrong."',
        'Status=503 Code="ServiceUnavailable" Message=""',
        # azcore, of an answer that azure-native passes on as it is
        "PUT https://management.azure.com/x\nRESPONSE 502: 502 Bad Gateway\nERROR CODE UNAVAILABLE",
        # an operation that failed at its end
        'Code="AnotherOperationInProgress" Message="Another operation on this resource is in progress."',
        # Go's net/http, net and gRPC
        'Put "https://management.azure.com/x": read tcp 10.0.0.4:51234->10.0.0.5:443: read: connection reset by peer',
        'Put "https://management.azure.com/x": EOF',
        'Put "https://management.azure.com/x": net/http: TLS handshake timeout',
        "context deadline exceeded",
        "rpc error: code = Unavailable desc = error reading from server: EOF",
        # the local Azure's plugin
        "PUT /x at http://127.0.0.1:7500 failed: Remote end closed connection without response.",
        "PUT /x at http://127.0.0.1:7500 failed: timed out.",
    ],
)
def test_a_failure_that_passes(words: str) -> None:
    assert transient.passes([words])


@pytest.mark.parametrize(
    "words",
    [
        'Status=400 Code="ValidationError" Message="One or more fields contain incorrect values"',
        'Status=403 Code="AuthorizationFailed" Message="The client does not have authorization"',
        'Status=404 Code="ResourceGroupNotFound" Message="Resource group rg could not be found."',
        'Status=412 Code="PreconditionFailed" Message=""',
        'Status=409 Code="ServiceAlreadyExistsInSoftDeletedState" Message="Api service apim was soft-deleted."',
        'Status=409 Code="ConflictError" Message="A vault with the same name already exists in deleted state."',
        'Status=409 Code="Conflict" Message="Certificate c is currently in a deleted but recoverable state"',
        'Status=409 Code="OperationNotAllowed" Message="Operation results in exceeding quota limits of Core."',
        "cannot create already existing resource '/subscriptions/s/resourceGroups/rg'",
        # a wrong name of a host is far more often the cause than a name server that fails for a moment
        'Post "https://kv.vault.azure.net/keys/pulumi/encrypt": dial tcp: lookup kv.vault.azure.net: no such host',
        "Program failed with an unhandled exception",
        "",
    ],
)
def test_a_failure_that_does_not_pass(words: str) -> None:
    assert not transient.passes([words])


def test_one_failure_that_does_not_pass_is_enough() -> None:
    assert not transient.passes(["Status=503 Code=", "Status=400 Code="])
    assert not transient.passes([])


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please retry after 17 seconds.", 17),
        ("exceeded the backend storage limit. Please try again after '23' seconds.", 23),
        ("Please try again after '5' minutes.", 300),
        ("Retry-After: 30", 30),
        ("no word of it", 0),
    ],
)
def test_how_long_azure_asks_to_wait(words: str, seconds: float) -> None:
    assert transient.asked(["something else", words]) == seconds


def test_each_pause_is_longer_and_scattered_and_they_end() -> None:
    patience = Patience(random.Random(1))  # noqa: S311 - no secret
    pauses = [patience.pause(["Status=503"]) for _ in range(MOST_ATTEMPTS)]
    assert pauses[-1] is None
    for attempt, pause in enumerate(pauses[:-1]):
        assert pause is not None
        assert 2 * 2**attempt <= pause <= 4 * 2**attempt
    other = Patience(random.Random(2))  # noqa: S311 - no secret
    assert other.pause(["Status=503"]) != pauses[0]


def test_a_pause_is_at_least_what_azure_asks_for() -> None:
    assert Patience().pause(["Status=429: retry after 45 seconds"]) == 45


def test_nobody_waits_longer_than_the_limit() -> None:
    assert Patience().pause([f"Status=429: retry after {LONGEST_SECONDS + 1:.0f} seconds"]) is None
