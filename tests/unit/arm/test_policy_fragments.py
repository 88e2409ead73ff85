"""Policy fragments, and the policies that include them."""

import pytest

from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.json_values import JsonObject, find, objects_at, text
from tests.unit.arm.local_arm import SERVICE, SERVICE_BODY, LocalArm, names

FRAGMENT = f"{SERVICE}/policyFragments/who"
POLICY = f"{SERVICE}/policies/policy"
API = f"{SERVICE}/apis/iris"
HEADER = '<set-header name="x-who"><value>@(context.Api.Name + "<")</value></set-header>'


def _fragment(statements: str, **more: str) -> JsonObject:
    return {"properties": {"value": f"<fragment>\n{statements}\n</fragment>", "format": "rawxml", **more}}


def _policy(inbound: str = '<include-fragment fragment-id="who" />', outbound: str = "") -> JsonObject:
    value = f"<policies>\n\t<inbound>\n\t\t{inbound}\n\t</inbound><outbound>{outbound}</outbound></policies>"
    return {"properties": {"value": value, "format": "rawxml"}}


@pytest.fixture
def included(arm: LocalArm) -> LocalArm:
    """The fragment is there, and the global policy includes it."""
    arm.put(FRAGMENT, _fragment(HEADER))
    arm.put(POLICY, _policy())
    return arm


def test_a_fragment_comes_back_as_it_was_sent_and_in_the_other_format(arm: LocalArm) -> None:
    arm.put(FRAGMENT, _fragment(HEADER, description="Who is called"))
    assert find(arm.get(FRAGMENT, format="rawxml"), "properties") == {
        "format": "rawxml",
        "description": "Who is called",
        "value": f"<fragment>\n{HEADER}\n</fragment>",
        "provisioningState": "Succeeded",
    }
    assert "&quot;&lt;&quot;" in text(arm.get(FRAGMENT), "properties", "value")
    assert names(arm.get(f"{SERVICE}/policyFragments")) == ["who"]


def test_a_policy_cannot_include_a_fragment_that_is_not_there(arm: LocalArm) -> None:
    answer = arm.send("PUT", POLICY, _policy())
    assert (answer.status, text(answer.body, "error", "code")) == (400, "ValidationError")
    assert objects_at(answer.body, "error", "details") == (
        {
            "code": "ValidationError",
            "target": "include-fragment",
            "message": "Error in element 'include-fragment' on line 3, column 4: "
            "Policy fragment with id 'who' could not be found.",
        },
    )
    arm.put(FRAGMENT, _fragment(HEADER))
    arm.put(POLICY, _policy())


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        ("<inbound />", "Error in element 'inbound' on line 2, column 2: "),
        ("<base />", "<base> in a policy fragment belongs to the document"),
        ('<include-fragment fragment-id="x" />', "would include a fragment in a fragment"),
        ('<rate-limit calls="0" renewal-period="1" />', "has calls 0: use at least 1"),
        ('<set-header name="x"><value>@(context.Foo)</value></set-header>', "does not contain a definition"),
        ('<set-header name="x"><value>{{limit}}</value></set-header>', "{{limit}} is not a named value"),
        ('<set-backend-service backend-id="iris" />', "Backend with id 'iris' could not be found."),
        (f"<!-- {'x' * 32_768} -->", "The policy fragment has 32800 bytes, and may have 32768: divide it."),
        ("<set-header", "the document is not well-formed XML"),
    ],
)
def test_a_fragment_that_no_policy_could_run_is_refused(
    arm: LocalArm, statements: str, sentence: str
) -> None:
    status, code, said = arm.refusal("PUT", FRAGMENT, _fragment(statements))
    assert (status, code) == (400, "ValidationError")
    assert sentence in said


def test_a_fragment_comes_from_no_link(arm: LocalArm) -> None:
    body = _fragment(HEADER, format="xml-link")
    assert "takes policies as xml, rawxml, not as 'xml-link'" in arm.refusal("PUT", FRAGMENT, body)[2]


def test_a_fragment_that_the_tier_does_not_run_is_refused(arm: LocalArm) -> None:
    arm.put(SERVICE, SERVICE_BODY | {"sku": {"name": "Consumption", "capacity": 0}})
    body = _fragment('<rate-limit-by-key calls="1" renewal-period="60" counter-key="all" />')
    assert "does not run on the SKU Consumption" in arm.refusal("PUT", FRAGMENT, body)[2]


def test_a_fragment_holds_any_statement_and_its_place_is_checked_where_it_is_included(arm: LocalArm) -> None:
    quota = '<quota calls="1" renewal-period="600" />'
    arm.put(FRAGMENT, _fragment(f'<rewrite-uri template="/v2" />{quota}'))
    assert "<quota> is not allowed at global scope" in arm.refusal("PUT", POLICY, _policy())[2]
    outbound = _policy("", '<include-fragment fragment-id="who" />')
    status, _, sentence = arm.refusal("PUT", POLICY, outbound)
    assert status == 400
    assert "Error in element 'rewrite-uri' on line 4, " in sentence
    assert "is not allowed in <outbound>" in sentence
    arm.put(f"{SERVICE}/products/open", {"properties": {"displayName": "Open"}})
    arm.put(f"{SERVICE}/products/open/policies/policy", _policy())


def test_what_may_stand_once_in_a_document_may_not_come_again_with_a_fragment(arm: LocalArm) -> None:
    limit = '<rate-limit calls="1" renewal-period="60" />'
    arm.put(FRAGMENT, _fragment(limit))
    arm.put(API, {"properties": {"path": "iris", "displayName": "Iris"}})
    body = _policy(f'{limit}<include-fragment fragment-id="who" />')
    assert "<rate-limit> appears twice" in arm.refusal("PUT", f"{API}/policies/policy", body)[2]


@pytest.mark.parametrize("written", ["who", "WHO", "{{fragment}}"])
def test_a_fragment_stays_while_a_policy_includes_it(arm: LocalArm, written: str) -> None:
    for name in ("who", "who-2"):
        arm.put(f"{SERVICE}/policyFragments/{name}", _fragment(HEADER))
    arm.put(f"{SERVICE}/namedValues/fragment", {"properties": {"displayName": "fragment", "value": "who"}})
    arm.put(POLICY, _policy(f'<include-fragment fragment-id="{written}" />'))
    assert arm.refusal("DELETE", FRAGMENT) == (
        400,
        "ValidationError",
        "The Policy Fragment 'who' is used by the following entities:\r\n/policies/policy\r\n",
    )
    assert arm.send("DELETE", f"{SERVICE}/policyFragments/who-2").status == 200
    arm.send("DELETE", POLICY)
    assert arm.send("DELETE", FRAGMENT).status == 200


def test_the_policies_that_include_a_fragment_are_told_in_pages(included: LocalArm) -> None:
    included.put(API, {"properties": {"path": "iris", "displayName": "Iris"}})
    included.put(f"{API}/policies/policy", _policy())
    told = included.send("POST", f"{FRAGMENT}/listReferences")
    users = [
        {"id": POLICY, "name": "policy", "type": "Microsoft.ApiManagement/service/policies"},
        {
            "id": f"{API}/policies/policy",
            "name": "policy",
            "type": "Microsoft.ApiManagement/service/apis/policies",
        },
    ]
    assert (told.status, told.body) == (200, {"value": users, "count": 2})
    first = included.send("POST", f"{FRAGMENT}/listReferences", **{"$top": "1"}).body
    assert objects_at(first, "value") == (users[0],)
    assert "%24skip=1" in text(first, "nextLink")


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ('<quota calls="1" renewal-period="600" />', "<quota> is not allowed at global scope"),
        ("<forward-request />", "<forward-request> is not allowed in <inbound>"),
    ],
)
def test_a_change_that_a_policy_could_not_run_with_is_refused(
    included: LocalArm, statements: str, why: str
) -> None:
    status, _, sentence = included.refusal("PUT", FRAGMENT, _fragment(statements))
    assert status == 400
    assert f"The policy '{POLICY}' could not run with it: line 3: {why}" in sentence
    included.send("DELETE", POLICY)
    included.put(FRAGMENT, _fragment(statements))


def test_a_change_of_a_fragment_that_nobody_includes_is_held_against_nobody(included: LocalArm) -> None:
    included.put(f"{SERVICE}/policyFragments/other", _fragment(HEADER))
    included.put(f"{SERVICE}/policyFragments/other", _fragment("<forward-request />"))


def test_what_a_fragment_uses_stays(arm: LocalArm) -> None:
    backend: JsonObject = {"properties": {"url": "https://model.contoso.example", "protocol": "http"}}
    arm.put(f"{SERVICE}/backends/iris", backend)
    arm.put(f"{SERVICE}/namedValues/model", {"properties": {"displayName": "model", "value": "iris"}})
    arm.put(FRAGMENT, _fragment('<set-backend-service backend-id="{{model}}" />'))
    for path in ("backends/iris", "namedValues/model"):
        sentence = arm.refusal("DELETE", f"{SERVICE}/{path}")[2]
        assert sentence.endswith("is used by the following entities:\r\n/policyFragments/who\r\n")
    arm.send("DELETE", FRAGMENT)
    for path in ("backends/iris", "namedValues/model"):
        assert arm.send("DELETE", f"{SERVICE}/{path}").status == 200


@pytest.mark.parametrize("change", [{"displayName": "calls", "value": "many"}, {"displayName": "other"}])
def test_a_named_value_that_a_fragment_could_not_run_with_is_refused(
    arm: LocalArm, change: dict[str, str]
) -> None:
    value = f"{SERVICE}/namedValues/calls"
    arm.put(value, {"properties": {"displayName": "calls", "value": "10"}})
    arm.put(
        FRAGMENT, _fragment('<rate-limit-by-key calls="{{calls}}" renewal-period="60" counter-key="all" />')
    )
    sentence = arm.refusal("PUT", value, {"properties": {"value": "10", **change}})[2]
    assert f"The policy fragment '{FRAGMENT}' could not run with it: " in sentence


def test_a_named_value_that_would_misplace_what_a_fragment_holds_is_refused(arm: LocalArm) -> None:
    value = f"{SERVICE}/namedValues/fragment"
    for name, statement in (("who", HEADER), ("where", "<forward-request />")):
        arm.put(f"{SERVICE}/policyFragments/{name}", _fragment(statement))
    arm.put(value, {"properties": {"displayName": "fragment", "value": "who"}})
    arm.put(POLICY, _policy('<include-fragment fragment-id="{{fragment}}" />'))
    for other in ("where", "nowhere"):
        body: JsonObject = {"properties": {"displayName": "fragment", "value": other}}
        assert f"The policy '{POLICY}' could not run with it" in arm.refusal("PUT", value, body)[2]


def test_the_gateway_runs_what_a_fragment_holds_now(included: LocalArm) -> None:
    configuration = GatewayConfiguration(included.store)

    def elements() -> list[str]:
        return [step.element for step in configuration.current()["apim-contoso"].unmatched.inbound]

    assert elements() == ["set-header"]
    included.put(FRAGMENT, _fragment('<set-variable name="who" value="iris" />' + HEADER))
    assert elements() == ["set-variable", "set-header"]
