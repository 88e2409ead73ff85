"""The operator's steps over ARM."""

import json

import pytest

from laptop.arm import Arm, Health
from laptop.errors import LaptopError
from tests.unit.laptop.conftest import Replies


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


def test_a_product_is_deleted_with_its_subscriptions(replies: Replies) -> None:
    product = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/a/products/p"
    replies.answer(f"DELETE {product}", 200, {})
    Arm(replies.url).delete(product)
    assert replies.queries == ["api-version=2024-05-01&deleteSubscriptions=true"]


def test_a_refusal_names_what_was_wanted_and_where_to_look(replies: Replies) -> None:
    replies.answer("POST /sub/listSecrets", 403, {"error": {"code": "Forbidden"}})
    with pytest.raises(LaptopError, match=r"would not list the keys of /sub: it answered 403 .*azure\.log"):
        Arm(replies.url).subscription_key("/sub")


def test_a_server_that_is_gone_is_a_sentence(nobody: str) -> None:
    with pytest.raises(LaptopError, match=r"does not answer .* `./dev local` starts it again"):
        Arm(nobody).subscription_key("/sub")


def test_health_is_what_the_server_tells(replies: Replies, nobody: str) -> None:
    replies.answer("GET /health", 200, {"status": "ok", "state": "/clone/.local/azure", "code": "abc"})
    assert Arm(replies.url).health() == Health("/clone/.local/azure", "abc")
    assert Arm(nobody).health() is None


def test_a_stranger_on_the_port_is_not_taken_for_the_local_azure(replies: Replies) -> None:
    replies.answer("GET /health", 200, "hello")
    assert Arm(replies.url).health() is None
