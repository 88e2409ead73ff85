"""Faults on request: what a rule does to the requests that it hits."""

import re
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from pydantic import JsonValue

from local_azure.arm.json_values import JsonObject, text
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, LocalArm
from tests.unit.arm.served import Served, serving

API = f"{SERVICE}/apis/iris"
API_BODY: JsonObject = {"properties": {"displayName": "Iris", "path": "iris"}}


def _gets(arm: LocalArm, count: int, *rules: JsonValue) -> tuple[list[int], JsonValue]:
    """Return the statuses of reading the group so many times under these rules, and the rules then."""

    async def use(served: Served) -> tuple[list[int], JsonValue]:
        assert (await served.rules(*rules)).status_code == 200
        statuses = [(await served.send("GET", GROUP)).status_code for _ in range(count)]
        told: JsonValue = (await served.client.get("/faults")).json()
        return statuses, told

    return serving(arm, use)


def test_a_rule_answers_the_first_requests_in_place_of_the_service(grouped: LocalArm) -> None:
    rule: JsonValue = {
        "method": "GET",
        "path": "/RESOURCEGROUPS/rg-[a-z]+$",
        "count": 2,
        "answer": {"status": 503},
    }
    statuses, told = _gets(grouped, 3, rule)
    assert statuses == [503, 503, 200]
    assert told == {"rules": [rule | {"hits": 2}]}  # type: ignore[operator] # the rule is an object


def test_an_answer_has_the_body_and_the_patience_that_the_rule_says(grouped: LocalArm) -> None:
    body: JsonValue = {"error": {"code": "TooManyRequests", "message": "Slowly."}}

    async def use(served: Served) -> list[httpx.Response]:
        answer: JsonValue = {"status": 429, "body": body, "retry_after": 7}
        await served.rules(
            {"path": "contoso", "count": 1, "answer": answer}, {"path": "", "answer": {"status": 500}}
        )
        return [await served.send("PUT", GROUP, PLACE) for _ in range(2)]

    throttled, failed = serving(grouped, use)
    assert (throttled.status_code, throttled.json(), throttled.headers["Retry-After"]) == (429, body, "7")
    assert (failed.status_code, failed.json()["error"]["code"]) == (500, "InternalServerError")
    assert "Retry-After" not in failed.headers


def test_a_refused_write_is_not_carried_out(grouped: LocalArm) -> None:
    before = grouped.store.revision

    async def use(served: Served) -> httpx.Response:
        await served.rules({"method": "PUT", "path": "", "answer": {"status": 500}})
        return await served.send("PUT", SERVICE, SERVICE_BODY)

    assert serving(grouped, use).status_code == 500
    assert grouped.store.revision == before


def test_a_rate_hits_the_same_requests_again_with_the_same_seed(grouped: LocalArm) -> None:
    def statuses(seed: int) -> Sequence[int]:
        return _gets(grouped, 40, {"path": "", "rate": 0.5, "seed": seed, "answer": {"status": 500}})[0]

    first = statuses(1)
    assert {*first} == {200, 500}
    assert first == statuses(1)
    assert first != statuses(2)


def test_a_delayed_request_is_carried_out_in_the_end(grouped: LocalArm) -> None:
    statuses, told = _gets(grouped, 1, {"path": GROUP, "delay": 0.01})
    assert statuses == [200]
    assert told == {"rules": [{"path": GROUP, "delay": 0.01, "hits": 1}]}


def test_an_operation_fails_at_its_end_and_what_begins_none_is_not_hit(arm: LocalArm) -> None:
    end: JsonValue = {"code": "ActivationFailed", "message": "There is no capacity."}

    async def use(served: Served) -> list[httpx.Response]:
        await served.rules({"path": "", "count": 1, "operation": end})
        await served.send("PUT", GROUP, PLACE)
        accepted = await served.send("PUT", API, API_BODY)
        asked = await served.client.get(
            accepted.headers["Azure-AsyncOperation"], headers={"Authorization": "Bearer anyone"}
        )
        return [accepted, asked, await served.client.get("/faults")]

    accepted, asked, told = serving(arm, use)
    assert accepted.status_code == 201
    assert (asked.json()["status"], asked.json()["error"]) == ("Failed", end)
    assert told.json()["rules"][0]["hits"] == 1
    assert text(arm.get(API), "properties", "provisioningState") == "Failed"


def test_rules_are_replaced_and_taken_away(grouped: LocalArm) -> None:
    async def use(served: Served) -> list[int]:
        statuses = []
        for status in (500, 502):
            await served.rules({"path": "", "answer": {"status": status}})
            statuses.append((await served.send("GET", GROUP)).status_code)
        assert (await served.client.delete("/faults")).json() == {"rules": []}
        return [*statuses, (await served.send("GET", GROUP)).status_code]

    assert serving(grouped, use) == [500, 502, 200]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"answer": {"status": 500}}, "rules.0.path: Field required"),
        ({"path": "("}, "rules.0.path: '(' is no regular expression: "),
        ({"path": "(" * 5_000}, "is no regular expression: maximum recursion depth exceeded"),
        ({"path": "a{99999999999}"}, "is no regular expression: the repetition number is too large"),
        ({"path": ""}, "rules.0: a rule needs one of answer, delay, cut and operation, not 0"),
        ({"path": "", "delay": 1, "cut": "after"}, "cut and operation, not 2"),
        ({"path": "", "delay": 1, "count": 1, "rate": 0.5}, "rules.0: count and rate do not go together"),
        ({"path": "", "delay": 1, "seed": 1}, "rules.0: a seed needs a rate"),
        ({"path": "", "delay": 1, "paht": ""}, "rules.0.paht: Extra inputs are not permitted"),
        ({"path": "", "delay": 0}, "rules.0.delay: Input should be greater than 0"),
        ({"path": "", "delay": 1, "count": 0}, "rules.0.count: "),
        ({"path": "", "delay": 1, "count": "3"}, "rules.0.count: Input should be a valid integer"),
        ({"path": "", "delay": 1, "rate": 1.5}, "rules.0.rate: Input should be less than or equal to 1"),
        ({"path": "", "delay": 1, "method": "put"}, "rules.0.method: Input should be 'GET', "),
        ({"path": "", "cut": "never"}, "rules.0.cut: Input should be 'before' or 'after'"),
        ({"path": "", "answer": {"status": 200}}, "rules.0.answer.status: "),
        ({"path": "", "operation": {"code": "X"}}, "rules.0.operation.message: Field required"),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_the_rules_in_force_stay(
    grouped: LocalArm, rule: JsonValue, sentence: str
) -> None:
    async def use(served: Served) -> tuple[httpx.Response, int]:
        await served.rules({"path": "", "answer": {"status": 500}})
        return await served.rules(rule), (await served.send("GET", GROUP)).status_code

    refused, status = serving(grouped, use)
    assert (refused.status_code, status) == (400, 500)
    assert refused.json()["error"]["code"] == "InvalidFaults"
    assert sentence in refused.json()["error"]["message"]
    assert refused.json()["error"]["message"].startswith("The rules cannot be used: ")


def test_the_rules_in_the_documentation_can_be_used(grouped: LocalArm) -> None:
    documentation = (Path(__file__).parents[3] / "docs" / "operating.md").read_text()
    (rules,) = re.findall(r"-X PUT http://127\.0\.0\.1:7500/faults -d '([^']*)'", documentation)

    async def use(served: Served) -> httpx.Response:
        return await served.client.put("/faults", content=rules)

    told = serving(grouped, use).json()["rules"]
    assert [{"answer", "cut", "operation", "delay"} & {*rule} for rule in told] == [
        {"answer"},
        {"cut"},
        {"operation"},
        {"delay"},
    ]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"rules": {}}', b'{"rules": [], "more": 1}'])
def test_a_document_that_holds_no_rules_is_refused(grouped: LocalArm, content: bytes) -> None:
    async def use(served: Served) -> int:
        return (await served.client.put("/faults", content=content)).status_code

    assert serving(grouped, use) == 400
