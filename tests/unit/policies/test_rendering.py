"""What documents look like in `rawxml`."""

import pytest

from shared.policies import (
    Base,
    ContentType,
    Expression,
    ForwardRequest,
    PolicyDocument,
    PolicyError,
    RateLimitByKey,
    RewriteUri,
    SetBackendService,
    SetHeader,
    SetVariable,
    ValidateContent,
    parse,
    render,
)

MODEL_API = PolicyDocument(
    inbound=(
        Base(),
        SetVariable(
            "correlation-id",
            Expression('context.Request.Headers.GetValueOrDefault("x-correlation-id", "none")'),
        ),
        RateLimitByKey(calls=60, renewal_period=60, counter_key=Expression("context.Subscription.Id")),
        ValidateContent(
            unspecified_content_type_action="prevent",
            max_size=102_400,
            size_exceeded_action="prevent",
            errors_variable_name="requestBodyValidation",
            contents=(ContentType(type="application/json", validate_as="json", action="prevent"),),
        ),
        SetHeader("x-gateway-secret", values=("{{model-backend-secret}}",)),
        SetBackendService(backend_id="iris-species-v1"),
    ),
    backend=(Base(),),
    outbound=(),
)

MODEL_API_XML = """\
<policies>
  <inbound>
    <base />
    <set-variable name="correlation-id" value="\
@(context.Request.Headers.GetValueOrDefault("x-correlation-id", "none"))" />
    <rate-limit-by-key calls="60" renewal-period="60" counter-key="@(context.Subscription.Id)" />
    <validate-content unspecified-content-type-action="prevent" max-size="102400" \
size-exceeded-action="prevent" errors-variable-name="requestBodyValidation">
      <content type="application/json" validate-as="json" action="prevent" />
    </validate-content>
    <set-header name="x-gateway-secret">
      <value>{{model-backend-secret}}</value>
    </set-header>
    <set-backend-service backend-id="iris-species-v1" />
  </inbound>
  <backend>
    <base />
  </backend>
  <outbound />
</policies>
"""


def test_a_document_renders_as_pretty_rawxml_with_its_csharp_unescaped() -> None:
    assert render(MODEL_API) == MODEL_API_XML


def test_the_rendered_document_reads_back_as_itself() -> None:
    assert parse(MODEL_API_XML) == MODEL_API


def test_attributes_with_the_default_of_the_reference_are_left_out() -> None:
    document = PolicyDocument(inbound=(RewriteUri("/v2"),), backend=(ForwardRequest(buffer_response=True),))
    assert '<rewrite-uri template="/v2" />' in render(document)
    assert "<forward-request />" in render(document)


def test_attributes_that_differ_from_the_default_are_written() -> None:
    document = PolicyDocument(
        inbound=(RewriteUri("/v2", copy_unmatched_params=False),),
        backend=(ForwardRequest(timeout=0, buffer_response=False),),
    )
    assert '<rewrite-uri template="/v2" copy-unmatched-params="false" />' in render(document)
    assert '<forward-request timeout="0" buffer-response="false" />' in render(document)


def test_a_block_of_csharp_stands_in_braces() -> None:
    document = PolicyDocument(inbound=(SetVariable("n", Expression(" return 1; ", multi_statement=True)),))
    assert 'value="@{ return 1; }"' in render(document)


def test_markup_in_literals_is_escaped() -> None:
    document = PolicyDocument(inbound=(SetHeader("x", values=('<a & "b">',)), RewriteUri('/?q="a"&b')))
    assert '<value>&lt;a &amp; "b"&gt;</value>' in render(document)
    assert 'template="/?q=&quot;a&quot;&amp;b"' in render(document)
    assert parse(render(document)) == document


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (SetVariable("x", "@(context.RequestId)"), "would be read as a policy expression: use Expression"),
        (SetVariable("x", "a\x00b"), r"holds '\\x00', which XML cannot carry"),
        (SetHeader("x", values=(" a",)), "begins or ends with white space"),
    ],
)
def test_a_literal_that_would_not_read_back_as_itself_is_refused(
    statement: SetVariable | SetHeader, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        render(PolicyDocument(inbound=(statement,)))
