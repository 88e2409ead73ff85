"""`include-fragment`: what a policy fragment holds runs in its place."""

from dataclasses import replace

import pytest

from local_azure.gateway.policies import check_fragment, check_policy, compile_policy
from shared.azure.policy_statements import Scope, Section
from shared.azure.skus import POLICY_DOCUMENT_BYTES, Sku
from shared.policies import PolicyError
from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway

INCLUDE = '<include-fragment fragment-id="Mark" />'


def fragment(*statements: str) -> str:
    return f"<fragment>{''.join(statements)}</fragment>"


def test_a_fragment_runs_in_its_place_with_the_named_values_it_holds(
    gateway: Gateway, backend: Backend
) -> None:
    mark = fragment(header("x-mark", "{{mark}}", "append"), header("x-api", "@(context.Api.Name)"))
    before, after = header("x-mark", "before", "append"), header("x-mark", "after", "append")
    deployed = service(backend.url, policy=policy(f"<base />{before}{INCLUDE}{after}", outbound=INCLUDE))
    deployed = replace(deployed, named_values={"mark": "a<b"}, fragments={"mark": mark})
    gateway.deploy(deployed)
    answer = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert backend.last.values("x-mark") == ["before,a<b,after"]
    assert backend.last.values("x-api") == ["species-v1"]
    assert answer.headers["x-mark"] == "a<b"


def test_another_fragment_or_named_value_is_effective_at_once(gateway: Gateway, backend: Backend) -> None:
    deployed = service(backend.url, policy=policy(f"<base />{INCLUDE}"))
    for text, value in (("{{mark}}", "1"), ("{{mark}}", "2"), ("now {{mark}}", "2")):
        mark = {"mark": fragment(header("x-mark", text))}
        gateway.deploy(replace(deployed, named_values={"mark": value}, fragments=mark))
        gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
        assert backend.last.values("x-mark") == [text.replace("{{mark}}", value)]


def test_a_fragment_may_be_all_of_the_backend_section(gateway: Gateway, backend: Backend) -> None:
    deployed = service(backend.url, policy=policy(backend=INCLUDE))
    gateway.deploy(replace(deployed, fragments={"mark": fragment("<forward-request />")}))
    assert gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY).status_code == 200


def test_a_secret_that_is_gone_is_told_with_the_fragment_that_needs_it() -> None:
    mark = {"mark": fragment("\n", header("x", "{{gone}}"))}
    with pytest.raises(PolicyError, match=r"the policy fragment 'mark', line 2: \{\{gone\}\} is not a named"):
        compile_policy(policy(INCLUDE), Scope.API, {}, mark)


def test_the_limit_of_size_is_for_what_is_written() -> None:
    mark = fragment(header("x", "a" * 30_000))
    includes = INCLUDE * (POLICY_DOCUMENT_BYTES // 30_000 + 1)
    check_policy(policy(includes), Scope.API, {}, {"mark": mark}, sku=Sku.DEVELOPER)


def test_the_statements_of_a_fragment_are_checked_where_one_could_stand() -> None:
    checked = check_fragment(fragment(header("x", "1"), "<forward-request />"), {})
    sections = {section: [one.element for one in statements] for section, statements in checked.sections()}
    assert sections[Section.INBOUND] == ["set-header"]
    assert sections[Section.BACKEND] == ["forward-request"]


def test_a_refusal_of_a_fragment_does_not_show_the_value_of_a_named_value() -> None:
    with pytest.raises(PolicyError) as refused:
        check_fragment(fragment(header("x", '@("{{secret}}" * 2)')), {"secret": "hunter2"})
    assert "hunter2" not in str(refused.value)
