"""Where a key comes from, and who may be asked for it."""

import asyncio
import logging

import pytest
from azure.core.exceptions import ClientAuthenticationError

from delivery import web
from delivery.errors import DeliveryError
from delivery.management import VARIABLE, Management, management
from tests.support.replies import Replies, unserved

_KEY = "very-secret"


def _key(url: str, subscription: str = "/svc/subscriptions/smoke") -> str:
    async def fetched() -> str:
        async with web.client(5) as client:
            return await Management(url).subscription_key(client, subscription, pauses=())

    return asyncio.run(fetched())


def test_a_key_is_fetched_when_it_is_used(replies: Replies) -> None:
    replies.answer(
        "POST /svc/subscriptions/smoke/listSecrets", 200, {"primaryKey": _KEY, "secondaryKey": "b"}
    )
    assert _key(replies.url) == _KEY
    assert replies.queries == ["api-version=2024-05-01"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "this login may not list the keys of the subscription smoke (403): give it a role"),
        (404, "its subscription smoke is not in API Management any more"),
        (409, "listing the keys of the subscription smoke gave 409"),
    ],
)
def test_a_refusal_is_told_with_its_remedy(replies: Replies, status: int, told: str) -> None:
    replies.answer("POST /svc/subscriptions/smoke/listSecrets", status, {"error": {}})
    with pytest.raises(DeliveryError) as raised:
        _key(replies.url)
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize(
    "text", [f'{{"primaryKey": ["{_KEY}"]}}', f'{{"primaryKey": "{_KEY}', '{"primaryKey": ""}']
)
def test_an_answer_that_is_no_key_shows_nothing_of_it(replies: Replies, text: str) -> None:
    replies.answers["POST /svc/subscriptions/smoke/listSecrets"] = (200, text)
    with pytest.raises(DeliveryError) as raised:
        _key(replies.url)
    assert str(raised.value) == "listSecrets answered without a primaryKey"
    assert raised.value.__cause__ is None


def test_nothing_that_is_logged_holds_a_key(replies: Replies, caplog: pytest.LogCaptureFixture) -> None:
    replies.answer("POST /svc/subscriptions/smoke/listSecrets", 200, {"primaryKey": _KEY})
    with caplog.at_level(logging.DEBUG):
        _key(replies.url)
    assert caplog.records
    assert _KEY not in caplog.text


@pytest.mark.parametrize("subscription", ["@evil.example/x", ".evil.example/x", ""])
def test_a_state_cannot_send_the_token_to_another_host(replies: Replies, subscription: str) -> None:
    with pytest.raises(DeliveryError, match="which is no resource id"):
        _key(replies.url, subscription)
    assert replies.got == []


def test_nobody_there_is_told() -> None:
    url = unserved()
    with pytest.raises(DeliveryError, match=f"{url} does not answer"):
        _key(url)


def test_a_stand_in_on_this_machine_gets_no_token(replies: Replies) -> None:
    assert management({VARIABLE: f"{replies.url}/"}) == Management(replies.url)


@pytest.mark.parametrize("url", ["http://management.contoso.example", "ftp://127.0.0.1", "127.0.0.1:80"])
def test_no_token_is_sent_where_others_could_read_it(url: str) -> None:
    with pytest.raises(DeliveryError, match=rf"{VARIABLE} is '{url}': an access token is sent there"):
        management({VARIABLE: url})


def test_without_a_login_the_sentence_says_which_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: object, scope: str) -> None:
        raise ClientAuthenticationError(f"no credential for {scope}\nand more")

    monkeypatch.setattr("azure.identity.DefaultAzureCredential.get_token", nobody)
    with pytest.raises(DeliveryError) as raised:
        management({})
    assert str(raised.value) == (
        "There is no login for https://management.azure.com: run `az login`, or in a workflow azure/login before this "
        "step. no credential for https://management.azure.com/.default"
    )


def test_a_missing_login_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_: object, __: str) -> None:
        logging.getLogger("azure.identity").warning("DefaultAzureCredential failed, at length")
        raise ClientAuthenticationError("no credential")

    monkeypatch.setattr("azure.identity.DefaultAzureCredential.get_token", nobody)
    with pytest.raises(DeliveryError):
        management({})
    assert capsys.readouterr().err == ""
