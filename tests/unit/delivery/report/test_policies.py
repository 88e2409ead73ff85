"""The semantic difference of policies, statement by statement."""

import pytest

from delivery.records import UNKNOWN
from tests.unit.delivery.report.making import Inputs, policy, told

_RATE = '<rate-limit calls="{}" renewal-period="{}" />'
_HEADER = '<set-header name="{}"><value>{}</value></set-header>'
_FOR_ALL = "rate limit for all callers together (counted as"
_JWT = (
    '<validate-jwt header-name="Authorization"><openid-config url="https://login.contoso.example/o" />'
    "<audiences><audience>{}</audience></audiences></validate-jwt>"
)

_LIMIT_BY_KEY = (
    '<rate-limit-by-key calls="{0}" renewal-period="60" '
    'counter-key="@(context.Api.Id + {1}/{1} + context.Subscription.Id)" />'
)


def _changes(before: str, after: str) -> list[str]:
    return told("ApiPolicy", policy(before), policy(after))


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            _RATE.format(60, 60),
            _RATE.format(600, 60),
            "Limits | v1: rate limit for each subscription: 60 → 600 calls per minute",
        ),
        (
            '<quota calls="100" bandwidth="5" renewal-period="86400" />',
            '<quota calls="100" bandwidth="9" renewal-period="0" />',
            (
                "Limits | v1: quota for each subscription: 100 calls and 5 kilobytes per day → "
                "100 calls and 9 kilobytes in all, never renewed"
            ),
        ),
        (
            '<quota-by-key calls="1" renewal-period="3600" counter-key="@(context.Request.IpAddress)" />',
            '<quota-by-key calls="2" renewal-period="3600" counter-key="@(context.Request.IpAddress)" />',
            "Limits | v1: quota for each IP address of a caller: 1 call per hour → 2 calls per hour",
        ),
        (
            '<llm-token-limit tokens-per-minute="500" counter-key="@(context.Subscription.Id)" />',
            '<llm-token-limit tokens-per-minute="9000" counter-key="@(context.Subscription.Id)" />',
            "Limits | v1: token limit for each subscription: 500 → 9000 tokens per minute",
        ),
        (
            '<rate-limit-by-key calls="9" renewal-period="60" counter-key="@(context.Subscription.Id)" />',
            '<rate-limit-by-key calls="9" renewal-period="60" counter-key="all" />',
            (
                "Limits | v1: rate limit for each subscription: becomes rate limit for all callers together "
                "(counted as all)"
            ),
        ),
        (
            _RATE.format("@(Limit())", 60),
            _RATE.format(600, 60),
            "Limits | v1: rate limit for each subscription: @(Limit()) calls per minute → 600 calls per minute",
        ),
        (
            _JWT.format("a"),
            _JWT.format("b"),
            "Authentication | v1: token check (validate-jwt), audiences/audience: a → b",
        ),
        (
            '<ip-filter action="allow"><address>10.0.0.1</address></ip-filter>',
            '<ip-filter action="forbid"><address>10.0.0.1</address></ip-filter>',
            (
                "Authentication | v1: filter of IP addresses (ip-filter): allows the addresses named → "
                "forbids the addresses named"
            ),
        ),
        (
            '<ip-filter action="allow"><address>10.0.0.1</address></ip-filter>',
            '<ip-filter action="allow"><address>10.0.0.1</address><address>10.0.0.2</address></ip-filter>',
            "Authentication | v1: filter of IP addresses (ip-filter), address: 10.0.0.2 added",
        ),
        (
            '<set-backend-service backend-id="blue" />',
            '<set-backend-service backend-id="green" />',
            "Backends | v1: calls go to: backend blue → backend green",
        ),
        (
            '<rewrite-uri template="/a" copy-unmatched-params="false" />',
            '<rewrite-uri template="/a" />',
            "Backends | v1: path at the backend, copy-unmatched-params: false → true (the default)",
        ),
        (
            _HEADER.format("x-a", "1"),
            '<set-header name="x-a" exists-action="delete" />',
            "Policies | v1: request header x-a: set to 1 → taken away",
        ),
        (
            '<set-variable name="a" value="1" />',
            '<set-variable name="a" value="2" />',
            "Policies | v1: variable a: 1 → 2",
        ),
        (
            '<authentication-managed-identity resource="https://a.example" />',
            '<authentication-managed-identity resource="https://b.example" />',
            (
                "Backends | v1: how the gateway signs in at the backend (authentication-managed-identity): "
                "https://a.example → https://b.example"
            ),
        ),
    ],
)
def test_a_statement_that_changes_is_one_sentence(before: str, after: str, sentence: str) -> None:
    assert _changes(before, after) == [sentence]


def test_statements_come_and_go_in_words() -> None:
    assert _changes("", _RATE.format(60, 60)) == [
        "Limits | v1: rate limit for each subscription: added: 60 calls per minute"
    ]
    assert _changes(_RATE.format(60, 60), "") == [
        "Limits | v1: rate limit for each subscription: removed (was 60 calls per minute)"
    ]
    assert _changes(_HEADER.format("x-a", "1"), "") == [
        "Policies | v1: request header x-a: no longer touched (was set to 1)"
    ]
    broader = "Policies | v1: policies of broader scopes in inbound (<base />)"
    assert _changes("<base />", "") == [f"{broader}: no longer run: their limits and checks do not apply"]
    assert _changes("", "<base />") == [f"{broader}: run now"]


def test_what_words_do_not_tell_whole_comes_with_its_xml() -> None:
    (sentence,) = _changes(_JWT.format("a"), "")
    head, *xml = sentence.splitlines()
    assert head == "Authentication | v1: token check (validate-jwt): removed"
    assert xml[0] == '-<validate-jwt header-name="Authorization">'
    assert "-    <audience>a</audience>" in xml


def test_a_statement_that_nobody_knows_is_told_by_its_exact_lines() -> None:
    before = '<choose><when condition="@(true)"><mock-response status-code="200" /></when></choose>'
    after = before.replace("200", "503")
    (sentence,) = _changes(before, after)
    assert sentence.splitlines() == [
        "Policies | v1: <choose> in inbound: changed",
        "@@ -1,5 +1,5 @@",
        " <choose>",
        '   <when condition="@(true)">',
        '-    <mock-response status-code="200" />',
        '+    <mock-response status-code="503" />',
        "   </when>",
        " </choose>",
    ]
    assert _changes("", '<future a="1" />') == [
        'Policies | v1: <future> in inbound: added\n+<future a="1" />'
    ]


def test_a_move_is_a_move() -> None:
    one, two, three = (f'<set-variable name="{name}" value="1" />' for name in "abc")
    assert _changes(one + two + three, two + three + one) == [
        "Policies | v1: variable a: moved: runs directly after variable c in inbound now"
    ]
    assert told("ApiPolicy", policy(one, ""), policy("", one)) == [
        "Policies | v1: variable a: moved from inbound to outbound"
    ]


def test_a_statement_may_move_and_change_at_once() -> None:
    before = _RATE.format(60, 60) + '<set-variable name="a" value="1" /><set-variable name="b" value="1" />'
    after = '<set-variable name="a" value="1" /><set-variable name="b" value="1" />' + _RATE.format(600, 60)
    assert _changes(before, after) == [
        "Limits | v1: rate limit for each subscription: 60 → 600 calls per minute",
        "Limits | v1: rate limit for each subscription: moved: runs directly after variable b in inbound now",
    ]


def test_another_header_is_another_statement() -> None:
    assert _changes(_HEADER.format("x-a", "1"), _HEADER.format("x-b", "1")) == [
        "Policies | v1: request header x-a: no longer touched (was set to 1)",
        "Policies | v1: request header x-b: added: set to 1",
    ]


def test_two_limits_by_key_are_told_apart() -> None:
    limit = '<rate-limit-by-key calls="{}" renewal-period="60" counter-key="{}" />'
    before = limit.format(1, "a") + limit.format(2, "b")
    after = limit.format(2, "b") + limit.format(5, "a")
    assert _changes(before, after) == [
        f"Limits | v1: {_FOR_ALL} a): 1 call per minute → 5 calls per minute",
        f"Limits | v1: {_FOR_ALL} b): moved: runs first in inbound now",
    ]


@pytest.mark.parametrize(
    "other",
    [
        '<rewrite-uri copy-unmatched-params="true" template="/a"></rewrite-uri>',
        "<!-- why -->\n  <rewrite-uri template='/a'/>",
    ],
)
def test_another_way_to_write_the_same_is_said_to_be_that(other: str) -> None:
    assert _changes('<rewrite-uri template="/a" />', other) == [
        "Policies | v1: policy: written in another way that means the same"
    ]


def test_a_section_that_appears_empty_stops_broader_scopes() -> None:
    before: Inputs = {"apiId": "iris-v1", "format": "rawxml", "value": "<policies><inbound /></policies>"}
    after = {**before, "value": "<policies><inbound /><backend /></policies>"}
    assert told("ApiPolicy", before, after) == [
        "Policies | v1: section backend: added, empty: nothing of broader scopes runs in it"
    ]


def test_a_new_policy_tells_limits_and_authentication_first_and_the_rest_in_one_sentence() -> None:
    inbound = "<base />" + _RATE.format(60, 60) + _HEADER.format("x-a", "1") + '<rewrite-uri template="/b" />'
    assert told("ApiPolicy", None, policy(inbound)) == [
        "Limits | v1: rate limit for each subscription: added: 60 calls per minute",
        "Policies | v1: new policy: request header x-a: set to 1 and path at the backend: /b",
    ]


def test_a_policy_that_goes_takes_its_limits_along() -> None:
    assert told("ApiPolicy", policy("<base />" + _RATE.format(60, 60)), None) == [
        "Policies | v1: policy: removed; the policies of broader scopes run alone",
        "Limits | v1: rate limit for each subscription: removed (was 60 calls per minute)",
    ]


def test_a_policy_that_is_no_xml_is_told_line_by_line() -> None:
    before: Inputs = {"apiId": "iris-v1", "value": "<policies>\n<inbound />\n</policies>"}
    after: Inputs = {"apiId": "iris-v1", "value": "<policies>\n<inbound>\n</policies>"}
    (sentence,) = told("ApiPolicy", before, after)
    assert sentence.startswith("Policies | v1: policy, which cannot be read here: ")
    assert "-<inbound />\n+<inbound>" in sentence


def test_a_policy_that_a_refresh_found_changed_by_hand_is_told_in_words() -> None:
    limit = _LIMIT_BY_KEY.format(9000, "&quot;")
    assert _changes(limit, _LIMIT_BY_KEY.format(300, '"')) == [
        "Limits | v1: rate limit for each subscription: 9000 → 300 calls per minute"
    ]


def test_a_section_that_appears_twice_is_not_half_told() -> None:
    before: Inputs = {"apiId": "iris-v1", "value": "<policies><inbound /></policies>"}
    after: Inputs = {
        "apiId": "iris-v1",
        "value": "<policies><inbound /><inbound><base /></inbound></policies>",
    }
    (sentence,) = told("ApiPolicy", before, after)
    assert "<inbound> appears twice" in sentence


def test_escaped_and_raw_policies_compare() -> None:
    raw = policy(_HEADER.format("x-a", '@("<b>")'))
    value = str(raw["value"]).replace('@("<b>")', "@(&quot;&lt;b&gt;&quot;)")
    assert told("ApiPolicy", {**raw, "format": "xml", "value": value}, raw) == [
        "Policies | v1: policy: written in another way that means the same"
    ]


def test_a_policy_that_is_not_known_yet_says_so() -> None:
    assert told("ApiPolicy", policy(), {**policy(), "value": UNKNOWN}) == [
        "Policies | v1: policy: changed; its text is not known yet"
    ]


def test_scopes_are_named() -> None:
    before, after = policy(_RATE.format(60, 60)), policy(_RATE.format(90, 60))
    limit = "rate limit for each subscription: 60 → 90 calls per minute"
    assert told("ProductPolicy", {**before, "productId": "trial"}, {**after, "productId": "trial"}) == [
        f"Limits | product trial: {limit}"
    ]
    assert told("Policy", before, after) == [f"Limits | all APIs: {limit}"]
    operation: Inputs = {"operationId": "predict"}
    assert told("ApiOperationPolicy", before | operation, after | operation) == [
        f"Limits | v1, operation predict: {limit}"
    ]
    fragments: list[Inputs] = [
        {"id": "limits", "format": "rawxml", "value": f"<fragment>{_RATE.format(calls, 60)}</fragment>"}
        for calls in (60, 90)
    ]
    assert told("PolicyFragment", fragments[0], fragments[1]) == [f"Limits | policy fragment limits: {limit}"]


def test_response_headers_are_told_from_those_on_errors() -> None:
    def on(section: str, value: str) -> Inputs:
        header = _HEADER.format("x-a", value)
        return {"apiId": "iris-v1", "value": f"<policies><{section}>{header}</{section}></policies>"}

    assert told("ApiPolicy", on("outbound", "1"), on("outbound", "2")) == [
        "Policies | v1: response header x-a: set to 1 → set to 2"
    ]
    assert told("ApiPolicy", on("on-error", "1"), on("on-error", "2")) == [
        "Policies | v1: response header x-a, on errors: set to 1 → set to 2"
    ]
