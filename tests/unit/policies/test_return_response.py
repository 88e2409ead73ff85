"""The statement that ends a call with a response of its own: how it is written, read and refused."""

import pytest

from shared.policies import (
    Base,
    Expression,
    PolicyDocument,
    PolicyError,
    ReturnResponse,
    Scope,
    SetBody,
    SetHeader,
    SetStatus,
    check,
    named_values,
    parse,
    render,
)

GONE = PolicyDocument(
    inbound=(
        Base(),
        ReturnResponse(
            status=SetStatus(410, "Gone"),
            headers=(SetHeader("Content-Type", ("application/json",)), SetHeader("x-id", ("{{id}}",))),
            body=SetBody('{"message": "use v2, & not <v1> of {{model}}"}'),
        ),
    ),
)
GONE_XML = """\
<policies>
  <inbound>
    <base />
    <return-response>
      <set-status code="410" reason="Gone" />
      <set-header name="Content-Type">
        <value>application/json</value>
      </set-header>
      <set-header name="x-id">
        <value>{{id}}</value>
      </set-header>
      <set-body>{"message": "use v2, &amp; not &lt;v1&gt; of {{model}}"}</set-body>
    </return-response>
  </inbound>
</policies>
"""


def returned(inside: str) -> str:
    """Return a document that ends calls with what is inside."""
    return f"<policies><inbound>\n<return-response>{inside}</return-response></inbound></policies>"


def test_its_parts_are_written_in_the_order_of_the_reference() -> None:
    assert render(GONE) == GONE_XML


def test_the_rendered_statement_reads_back_as_itself() -> None:
    assert parse(GONE_XML) == GONE


def test_all_of_its_parts_may_be_missing() -> None:
    assert parse(returned("")) == PolicyDocument(inbound=(ReturnResponse(),))


def test_its_body_may_be_an_expression_with_markup_of_its_own() -> None:
    xml = returned('<set-body>@("<a>" + context.RequestId)</set-body>')
    body = SetBody(Expression('"<a>" + context.RequestId'))
    assert parse(xml) == PolicyDocument(inbound=(ReturnResponse(body=body),))


def test_named_values_are_found_in_its_headers_and_its_body() -> None:
    assert named_values(GONE) == {"id", "model"}


@pytest.mark.parametrize("scope", Scope)
def test_it_stands_in_every_section_at_every_scope(scope: Scope) -> None:
    answer = (ReturnResponse(SetStatus(410, "Gone"), (SetHeader("x", ("1",)),), SetBody("gone")),)
    check(PolicyDocument(inbound=answer, backend=answer, outbound=answer, on_error=answer), scope)


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        (
            '<set-status code="410" reason="a"/><set-status code="404" reason="b"/>',
            "<set-status> appears twice",
        ),
        ("<set-body>a</set-body><set-body>b</set-body>", "<set-body> appears twice in <return-response>"),
        ('<set-status code="410" />', "<set-status> needs the attribute reason"),
        ('<set-status code="gone" reason="Gone" />', "write a whole number or a policy expression"),
        ('<set-body template="liquid">{{body.id}}</set-body>', "has template, which is not supported here"),
        ("<set-body><value>a</value></set-body>", "<value> does not belong in <set-body>: write text"),
        ("<set-body>a @(1)</set-body>", "a policy expression is only a part of 'a @"),
        ("<rewrite-uri template='/a' />", "<rewrite-uri> does not belong in <return-response>"),
        ("gone", "<return-response> holds the text 'gone'"),
    ],
)
def test_what_it_cannot_hold_is_refused(inside: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message) as refusal:
        parse(returned(inside))
    assert refusal.value.line == 2


def test_it_cannot_keep_a_response_that_no_statement_keeps_in_a_variable() -> None:
    xml = '<policies><inbound><return-response response-variable-name="a" /></inbound></policies>'
    with pytest.raises(PolicyError, match="no statement here keeps a response in a variable"):
        parse(xml)


@pytest.mark.parametrize("code", [199, 600])
def test_its_status_ends_an_exchange(code: int) -> None:
    document = PolicyDocument(inbound=(ReturnResponse(SetStatus(code, "?")),))
    with pytest.raises(PolicyError, match=f"<set-status> has code {code}: use 200 to 599"):
        check(document, Scope.API)


def test_its_headers_are_checked_like_those_of_any_message() -> None:
    document = PolicyDocument(inbound=(ReturnResponse(headers=(SetHeader("Content-Length", ("1",)),)),))
    with pytest.raises(PolicyError, match="Content-Length, which the gateway neither changes"):
        check(document, Scope.API)
