"""Policy documents."""

import pytest

from local_azure.arm.json_values import JsonObject, find, text
from tests.unit.arm.local_arm import SERVICE, SERVICE_BODY, LocalArm

POLICY = f"{SERVICE}/policies/policy"
API = f"{SERVICE}/apis/iris"
RAW = """\
<policies>
    <inbound>
        <base />
        <set-variable name="who" value="@(context.Subscription.Id)" />
        <set-header name="x-id" exists-action="override">
            <value>@((string)context.Variables["who"])</value>
        </set-header>
    </inbound>
</policies>
"""
ESCAPED = RAW.replace('["who"]', "[&quot;who&quot;]")


def _policy(value: str, policy_format: str | None = "rawxml") -> JsonObject:
    properties: JsonObject = {"value": value}
    if policy_format is not None:
        properties["format"] = policy_format
    return {"properties": properties}


def _inbound(statement: str) -> JsonObject:
    return _policy(f"<policies>\n  <inbound>\n    <base />\n    {statement}\n  </inbound>\n</policies>")


@pytest.fixture
def with_api(arm: LocalArm) -> LocalArm:
    arm.put(API, {"properties": {"path": "iris", "displayName": "Iris"}})
    return arm


def test_a_document_comes_back_as_it_was_sent(with_api: LocalArm) -> None:
    path = f"{API}/policies/policy"
    with_api.put(path, _policy(RAW))
    told = with_api.get(path, format="rawxml")
    assert find(told, "properties") == {"format": "rawxml", "value": RAW}


def test_xml_is_told_unless_another_format_is_asked_for(with_api: LocalArm) -> None:
    path = f"{API}/policies/policy"
    with_api.put(path, _policy(RAW))
    assert find(with_api.get(path), "properties") == {"format": "xml", "value": ESCAPED}


def test_xml_is_the_format_of_a_document_without_one(with_api: LocalArm) -> None:
    path = f"{API}/policies/policy"
    with_api.put(path, _policy(ESCAPED, None))
    assert find(with_api.get(path), "properties") == {"format": "xml", "value": ESCAPED}
    assert '["who"]' in text(with_api.get(path, format="rawxml"), "properties", "value")


def test_a_document_is_fetched_from_nowhere(arm: LocalArm) -> None:
    body = _policy("https://policies.contoso.example/global.xml", "xml-link")
    assert "takes policies as xml, rawxml, not as 'xml-link'" in arm.refusal("PUT", POLICY, body)[2]


def test_a_refused_document_is_told_where(arm: LocalArm) -> None:
    status, code, sentence = arm.refusal("PUT", POLICY, _inbound('<set-heade name="x" />'))
    assert (status, code) == (400, "ValidationError")
    assert "Error in element 'set-heade' on line 4, column 6: " in sentence
    assert arm.send("GET", POLICY).status == 404


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        (POLICY, '<rate-limit calls="1" renewal-period="60" />'),
        (f"{API}/policies/policy", '<quota calls="1" renewal-period="600" />'),
        (f"{API}/policies/policy", "<forward-request />"),
    ],
)
def test_a_statement_in_the_wrong_place_is_refused(with_api: LocalArm, path: str, statement: str) -> None:
    assert "is not allowed" in with_api.refusal("PUT", path, _inbound(statement))[2]


def test_a_statement_that_the_tier_does_not_run_is_refused(arm: LocalArm) -> None:
    arm.put(SERVICE, SERVICE_BODY | {"sku": {"name": "Consumption", "capacity": 0}})
    statement = '<rate-limit-by-key calls="1" renewal-period="60" counter-key="@(context.Subscription.Id)" />'
    assert "does not run on the SKU Consumption" in arm.refusal("PUT", POLICY, _inbound(statement))[2]


def test_a_backend_that_a_document_names_has_to_exist(arm: LocalArm) -> None:
    body = _inbound('<set-backend-service backend-id="iris" />')
    assert "Backend with id 'iris' could not be found." in arm.refusal("PUT", POLICY, body)[2]
    backend: JsonObject = {"properties": {"url": "https://model.contoso.example", "protocol": "http"}}
    arm.put(f"{SERVICE}/backends/iris", backend)
    arm.put(POLICY, body)


@pytest.mark.parametrize("written", ["iris", "{{model}}"])
def test_a_backend_stays_while_a_document_names_it(arm: LocalArm, written: str) -> None:
    path = f"{SERVICE}/backends/iris"
    backend: JsonObject = {"properties": {"url": "https://model.contoso.example", "protocol": "http"}}
    for name in ("iris", "iris-2"):
        arm.put(f"{SERVICE}/backends/{name}", backend)
    arm.put(f"{SERVICE}/namedValues/model", {"properties": {"displayName": "model", "value": "iris"}})
    arm.put(POLICY, _inbound(f'<set-backend-service backend-id="{written}" />'))
    status, code, sentence = arm.refusal("DELETE", path)
    assert (status, code) == (400, "ValidationError")
    assert sentence == "The Backend 'iris' is used by the following entities:\r\n/policies/policy\r\n"
    assert arm.send("DELETE", f"{SERVICE}/backends/iris-2").status == 200
    arm.send("DELETE", POLICY)
    assert arm.send("DELETE", path).status == 200


def test_a_named_value_has_to_exist_and_stays_while_it_is_used(arm: LocalArm) -> None:
    body = _inbound('<set-variable name="limit" value="{{limit}}" />')
    assert "{{limit}} is not a named value of the service" in arm.refusal("PUT", POLICY, body)[2]
    named_value = f"{SERVICE}/namedValues/limit"
    arm.put(named_value, {"properties": {"displayName": "limit", "value": "10"}})
    arm.put(POLICY, body)
    assert "used by the following entities:\r\n/policies/policy\r\n" in arm.refusal("DELETE", named_value)[2]
    arm.send("DELETE", POLICY)
    assert arm.send("DELETE", named_value).status == 200


@pytest.mark.parametrize(
    "change", [{"displayName": "calls", "value": "hush-hush"}, {"displayName": "other", "value": "10"}]
)
def test_a_named_value_that_a_policy_could_not_run_with_is_refused(
    arm: LocalArm, change: dict[str, str]
) -> None:
    named_value = f"{SERVICE}/namedValues/calls"
    arm.put(named_value, {"properties": {"displayName": "calls", "value": "10"}})
    arm.put(
        POLICY,
        _inbound('<rate-limit-by-key calls="{{calls}}" renewal-period="60" counter-key="all" />'),
    )
    status, _, sentence = arm.refusal("PUT", named_value, {"properties": {**change}})
    assert (status, "hush-hush" in sentence) == (400, False)
    assert f"The policy '{POLICY}' could not run with it" in sentence
    arm.put(named_value, {"properties": {"displayName": "calls", "value": "11"}})


def test_no_sentence_holds_a_secret(arm: LocalArm) -> None:
    body: JsonObject = {"properties": {"displayName": "calls", "value": "hush-hush", "secret": True}}
    arm.put(f"{SERVICE}/namedValues/calls", body)
    statement = '<rate-limit-by-key calls="{{calls}}" renewal-period="60" counter-key="all" />'
    assert "hush-hush" not in arm.refusal("PUT", POLICY, _inbound(statement))[2]


def test_a_policy_has_one_name(arm: LocalArm) -> None:
    assert "'policy'" in arm.refusal("PUT", f"{SERVICE}/policies/mine", _policy(RAW))[2]
