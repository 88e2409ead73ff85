"""What a PUT of a policy is told."""

import pytest

from local_azure.gateway.compiler import check_policy
from shared.policies import PolicyContentFormat, PolicyDocument, PolicyError, Scope
from tests.gateway.documents import header, policy


def validating(content: str) -> str:
    return (
        '<validate-content unspecified-content-type-action="ignore" max-size="1" '
        f'size-exceeded-action="ignore"><content {content} action="prevent" /></validate-content>'
    )


@pytest.mark.parametrize(
    ("inbound", "says"),
    [
        ("<choose />", "<choose> in <inbound> is not a statement known here"),
        (
            header("x", "@(context.Foo)"),
            "Error in element 'set-header': 'context' does not contain a definition",
        ),
        (header("x", "@(context.Foo)"), "in the expression @(context.Foo)"),
        (header("x", "@{ return 1; }"), "does not run multi-statement expressions"),
        (header("x", "@(1 + 1)"), "Expression return type 'System.Int32' is not allowed"),
        (
            '<rate-limit-by-key calls="@("1")" renewal-period="60" counter-key="a" />',
            "it must be System.Int32",
        ),
        ("<forward-request />", "<forward-request> is not allowed in <inbound>"),
        (header("a b", "1"), "'a b' is no name of a header"),
        (header("é", "1"), "'é' is no name of a header"),
        (validating('type="text/xml" validate-as="soap"'), "validates JSON only"),
        (validating('validate-as="json" schema-id="shared"'), 'not with schema-id="shared"'),
    ],
)
def test_what_cannot_be_executed_is_refused(inbound: str, says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        check_policy(policy(inbound=inbound), Scope.API)
    assert says in refused.value.message
    assert refused.value.line == 1


def test_backend_protocol_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"speaks HTTP/1\.1 to backends"):
        check_policy(policy(backend='<forward-request http-version="2" />'), Scope.API)


def test_unknown_section_is_refused() -> None:
    with pytest.raises(PolicyError, match="<before> is not a section"):
        check_policy("<policies><before /></policies>", Scope.API)


def test_named_value_must_exist() -> None:
    document = policy(inbound=header("x-secret", "{{model-secret}}"))
    with pytest.raises(PolicyError, match=r"\{\{model-secret\}\} is not a named value of the service"):
        check_policy(document, Scope.API, {"other": "a"})
    assert isinstance(check_policy(document, Scope.API, {"model-secret": "a"}), PolicyDocument)


def test_refusal_does_not_show_the_value_of_a_named_value() -> None:
    document = policy(inbound=header("x", '@("{{model-secret}}" * 2)'))
    with pytest.raises(PolicyError) as refused:
        check_policy(document, Scope.API, {"model-secret": "hunter2"})
    assert "hunter2" not in str(refused.value)
    assert "{{model-secret}}" in str(refused.value)


def test_refusal_does_not_show_a_short_value_that_is_all_of_an_attribute() -> None:
    document = policy(inbound='<rate-limit-by-key calls="{{pin}}" renewal-period="60" counter-key="a" />')
    with pytest.raises(PolicyError) as refused:
        check_policy(document, Scope.API, {"pin": "12ab"})
    assert "calls is '{{pin}}': write a whole number" in str(refused.value)


def test_escaped_xml_is_taken_when_told_so() -> None:
    document = policy(inbound=header("x", "@(1 &lt; 2 ? &quot;a&quot; : &quot;b&quot;)"))
    assert isinstance(
        check_policy(document, Scope.API, content_format=PolicyContentFormat.XML), PolicyDocument
    )
