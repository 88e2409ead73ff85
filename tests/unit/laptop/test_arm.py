"""The operator's steps over ARM."""

import json

import pytest

from laptop.arm import Arm, Health
from laptop.errors import LaptopError
from tests.support.replies import Replies


def test_a_missing_secret_is_set_to_a_random_value(replies: Replies) -> None:
    replies.answer("PUT /vault/secrets/s", 201, {})
    Arm(replies.url).ensure_secret("/vault", "s")
    Arm(replies.url).ensure_secret("/vault", "s")
    values = [
        json.loads(body)["properties"]["value"] for request, body in replies.got if request.startswith("PUT")
    ]
    assert len(values[0]) >= 32
    assert values[0] != values[1]


def test_a_secret_that_exists_is_left_alone(replies: Replies) -> None:
    replies.answer("GET /vault/secrets/s", 200, {})
    Arm(replies.url).ensure_secret("/vault", "s")
    assert [request for request, _ in replies.got] == ["GET /vault/secrets/s"]


_PROVIDERS = "/subscriptions/s/providers"
_SERVICES = f"{_PROVIDERS}/Microsoft.ApiManagement"
_VAULTS = f"{_PROVIDERS}/Microsoft.KeyVault"


def _deleted(replies: Replies) -> None:
    """Answer with a deleted service and a deleted vault."""
    service = f"{_SERVICES}/locations/westeurope/deletedservices/apim"
    vault = f"{_VAULTS}/locations/westeurope/deletedVaults/kv"
    replies.answer(f"GET {_SERVICES}/deletedservices", 200, {"value": [{"id": service}]})
    replies.answer(f"GET {_VAULTS}/deletedVaults", 200, {"value": [{"id": vault}]})
    replies.answer(f"DELETE {service}", 202, {})
    replies.answer(f"POST {vault}/purge", 202, {})


def test_what_was_deleted_in_a_subscription_is_purged(replies: Replies) -> None:
    _deleted(replies)
    assert Arm(replies.url).purge_deleted("/subscriptions/s") == ("apim", "kv")
    assert [request for request, _ in replies.got if not request.startswith("GET")] == [
        f"DELETE {_SERVICES}/locations/westeurope/deletedservices/apim",
        f"POST {_VAULTS}/locations/westeurope/deletedVaults/kv/purge",
    ]


def test_a_vault_that_may_not_be_purged_is_a_sentence(replies: Replies) -> None:
    _deleted(replies)
    vault = f"{_VAULTS}/locations/westeurope/deletedVaults/kv"
    replies.answer(f"POST {vault}/purge", 405, {"error": {"code": "MethodNotAllowed"}})
    with pytest.raises(LaptopError, match=r"would not purge .*/kv: it answered 405 .*`\./dev local reset`"):
        Arm(replies.url).purge_deleted("/subscriptions/s")


def test_a_refusal_names_what_was_wanted_and_where_to_look(replies: Replies) -> None:
    replies.answer("GET /vault/secrets/s", 403, {"error": {"code": "Forbidden"}})
    with pytest.raises(LaptopError, match=r"would not set the secret s: it answered 403 .*azure\.log"):
        Arm(replies.url).ensure_secret("/vault", "s")


def test_a_server_that_is_gone_is_a_sentence(nobody: str) -> None:
    with pytest.raises(LaptopError, match=r"does not answer .* `./dev local` starts it again"):
        Arm(nobody).ensure_secret("/vault", "s")


def test_health_is_what_the_server_tells(replies: Replies, nobody: str) -> None:
    replies.answer("GET /health", 200, {"status": "ok", "state": "/clone/.local/azure", "code": "abc"})
    assert Arm(replies.url).health() == Health("/clone/.local/azure", "abc")
    assert Arm(nobody).health() is None


def test_a_stranger_on_the_port_is_not_taken_for_the_local_azure(replies: Replies) -> None:
    replies.answer("GET /health", 200, "hello")
    assert Arm(replies.url).health() is None
