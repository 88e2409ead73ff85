"""Many models called at once: what each result says, and in which order they come."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from delivery.management import Management
from delivery.smoke.call import DeployedVersion
from delivery.smoke.record import SmokeOutcome, SmokeResult
from delivery.smoke.run import call_all
from delivery.smoke.targets import Target
from delivery.smoke.tokens import WantedToken
from tests.support.replies import Replies
from tests.unit.delivery.smoke import samples

_PAUSES = (0.0, 0.0)


def _keys(replies: Replies, *models: str) -> None:
    for model in models:
        replies.answer(f"POST /{model}/listSecrets", 200, {"primaryKey": samples.KEY})


def _results(replies: Replies, *targets: Target | SmokeResult) -> tuple[SmokeResult, ...]:
    return asyncio.run(call_all(targets, Management(replies.url), _PAUSES))


def test_an_answer_as_promised_passes_and_is_timed(replies: Replies) -> None:
    _keys(replies, "churn")
    replies.answers["POST /churn/v1/predict"] = (200, samples.GOOD)
    (result,) = _results(replies, samples.target(replies.url))
    assert (result.outcome, result.status, result.tries, result.reason) == (SmokeOutcome.ANSWERED, 200, 1, "")
    assert result.milliseconds is not None
    assert replies.sent[-1]["Ocp-Apim-Subscription-Key"] == samples.KEY
    assert replies.got[-1] == ("POST /churn/v1/predict", '{"text": "it\'s"}')


_WANTED = WantedToken("tenant", "api://churn", "the-application")


def test_a_model_that_asks_for_a_token_alone_gets_one(replies: Replies) -> None:
    replies.answer("POST /tenant/oauth2/v2.0/token", 200, {"access_token": "the-token"})
    replies.answers["POST /churn/v1/predict"] = (200, samples.GOOD)
    target = samples.target(replies.url)
    keyless = replace(target, deployed=replace(target.deployed, subscription=None), token=_WANTED)
    (result,) = _results(replies, keyless)
    assert result.outcome is SmokeOutcome.ANSWERED
    assert "scope=api%3A%2F%2Fchurn%2F.default" in replies.got[0][1]
    assert replies.sent[-1]["Authorization"] == "Bearer the-token"
    assert "Ocp-Apim-Subscription-Key" not in replies.sent[-1]


def test_a_model_that_asks_for_both_gets_both(replies: Replies) -> None:
    _keys(replies, "churn")
    replies.answer("POST /tenant/oauth2/v2.0/token", 200, {"access_token": "the-token"})
    replies.answers["POST /churn/v1/predict"] = (200, samples.GOOD)
    (result,) = _results(replies, replace(samples.target(replies.url), token=_WANTED))
    assert result.outcome is SmokeOutcome.ANSWERED
    assert replies.sent[-1]["Authorization"] == "Bearer the-token"
    assert replies.sent[-1]["Ocp-Apim-Subscription-Key"] == samples.KEY


@pytest.mark.parametrize("answer", ["{}", "[]", '{"access_token": ""}', "<html>the-token</html>"])
def test_a_token_that_nobody_gives_is_told_without_what_came(replies: Replies, answer: str) -> None:
    _keys(replies, "churn")
    replies.answers["POST /tenant/oauth2/v2.0/token"] = (200, answer)
    (result,) = _results(replies, replace(samples.target(replies.url), token=_WANTED))
    assert result.outcome is SmokeOutcome.FAILED
    assert result.reason.endswith("/tenant/oauth2/v2.0/token answered without an access token")


def test_a_login_that_the_api_does_not_know_is_told_where_it_is_named(replies: Replies) -> None:
    replies.answer("POST /tenant/oauth2/v2.0/token", 200, {"access_token": "the-token"})
    replies.answers["POST /churn/v1/predict"] = (401, '{"message": "Invalid Azure AD JWT, not the-token"}')
    target = samples.target(replies.url)
    keyless = replace(target, deployed=replace(target.deployed, subscription=None), token=_WANTED)
    (result,) = _results(replies, keyless)
    assert result.reason == (
        "the gateway does not let this login, whose client id `access.entra.client-applications` must name, in: "
        '401 {"message": "Invalid Azure AD JWT, not [secret]"}'
    )


def test_what_is_not_in_force_yet_is_called_again(replies: Replies) -> None:
    _keys(replies, "churn")
    replies.first["POST /churn/v1/predict"] = [(404, "{}"), (503, "{}")]
    replies.answers["POST /churn/v1/predict"] = (200, samples.GOOD)
    (result,) = _results(replies, samples.target(replies.url))
    assert (result.outcome, result.tries) == (SmokeOutcome.ANSWERED, 3)


@pytest.mark.parametrize(("status", "text"), [(401, "{}"), (403, "{}"), (200, "[]")])
def test_a_refusal_and_a_wrong_answer_fail_at_once(replies: Replies, status: int, text: str) -> None:
    _keys(replies, "churn")
    replies.answers["POST /churn/v1/predict"] = (status, text)
    (result,) = _results(replies, samples.target(replies.url))
    assert (result.outcome, result.status, result.tries) == (SmokeOutcome.FAILED, status, 1)
    assert result.owner == "churn@contoso.example"


def test_the_key_that_nobody_gives_fails_one_model_alone(replies: Replies) -> None:
    _keys(replies, "other")
    replies.answer("POST /churn/listSecrets", 403, {})
    replies.answers["POST /other/v1/predict"] = (200, samples.GOOD)
    refused, answered = _results(replies, samples.target(replies.url), samples.target(replies.url, "other"))
    assert (refused.outcome, refused.url, refused.tries) == (SmokeOutcome.FAILED, "", 0)
    assert "may not list the keys" in refused.reason
    assert answered.outcome is SmokeOutcome.ANSWERED


def test_a_gateway_that_is_not_there_is_told_with_its_url(replies: Replies, nobody: str) -> None:
    _keys(replies, "churn")
    (result,) = _results(replies, samples.target(nobody))
    assert (result.outcome, result.tries, result.status) == (SmokeOutcome.FAILED, 3, None)
    assert result.reason.startswith("the gateway does not answer (")


def test_a_key_is_never_sent_unencrypted(replies: Replies) -> None:
    _keys(replies, "churn")
    (result,) = _results(replies, samples.target("http://gateway.contoso.example"))
    assert (result.outcome, result.tries) == (SmokeOutcome.FAILED, 0)
    assert result.reason == "its key or token would be sent unencrypted, and was not"


def test_results_keep_the_order_of_what_was_asked(replies: Replies) -> None:
    names = [f"model-{number:02}" for number in range(20)]
    _keys(replies, *names)
    skipped = SmokeResult(model="gone", version="", outcome=SmokeOutcome.NOT_CALLED)
    found = _results(replies, *(samples.target(replies.url, name) for name in names), skipped)
    assert [each.model for each in found] == [*names, "gone"]


def test_no_result_holds_the_key(replies: Replies) -> None:
    _keys(replies, "churn")
    replies.answers["POST /churn/v1/predict"] = (500, samples.KEY)
    (result,) = _results(replies, samples.target(replies.url))
    assert "[secret]" in result.reason
    assert samples.KEY not in result.model_dump_json()


def test_an_interrupt_does_not_wait_for_answers(replies: Replies, monkeypatch: pytest.MonkeyPatch) -> None:
    _keys(replies, "churn")

    async def interrupted() -> None:
        running = asyncio.create_task(
            call_all([samples.target(replies.url)], Management(replies.url), _PAUSES)
        )
        asked = asyncio.Event()

        async def never(*_: object) -> httpx.Response:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError("nothing wakes it")

        monkeypatch.setattr("delivery.smoke.call.Call.send", never)
        await asked.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(interrupted())


def test_the_headers_that_tell_a_version_are_sent(replies: Replies) -> None:
    _keys(replies, "churn")
    replies.answers["POST /churn/predict"] = (200, samples.GOOD)
    urls = {"predict": f"{replies.url}/churn/predict"}
    deployed = DeployedVersion("churn", "v1", urls, {"main": "http://model"}, "/churn", {"Api-Version": "v1"})
    (result,) = _results(replies, replace(samples.target(replies.url), deployed=deployed))
    assert result.outcome is SmokeOutcome.ANSWERED
    assert replies.sent[-1]["Api-Version"] == "v1"
