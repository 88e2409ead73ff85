"""Documents as people write them, and what is said about those that are wrong."""

import pytest

from shared.policies import (
    Base,
    ContentType,
    Expression,
    ForwardRequest,
    PolicyContentFormat,
    PolicyDocument,
    PolicyError,
    Quota,
    RateLimit,
    RateLimitByKey,
    RewriteUri,
    SetBackendService,
    SetHeader,
    SetVariable,
    Statement,
    ValidateContent,
    parse,
)


def inbound(statements: str) -> tuple[Statement, ...]:
    """Return the statements that an inbound section with this text holds."""
    sections = parse(f"<policies><inbound>{statements}</inbound></policies>").inbound
    assert sections is not None
    return sections


@pytest.mark.parametrize(
    ("xml", "statement"),
    [
        ("<base />", Base()),
        ("<base></base>", Base()),
        (
            '<rate-limit calls="20" renewal-period="90" remaining-calls-variable-name="left"/>',
            RateLimit(calls=20, renewal_period=90, remaining_calls_variable_name="left"),
        ),
        (
            (
                '<rate-limit-by-key calls="10"\n  renewal-period="60"\n'
                '  increment-condition="@(context.Response.StatusCode == 200)"\n'
                '  counter-key="@(context.Request.IpAddress)" increment-count="2"'
                ' total-calls-header-name="x-limit" />'
            ),
            RateLimitByKey(
                calls=10,
                renewal_period=60,
                counter_key=Expression("context.Request.IpAddress"),
                increment_condition=Expression("context.Response.StatusCode == 200"),
                increment_count=2,
                total_calls_header_name="x-limit",
            ),
        ),
        (
            '<quota calls="10000" bandwidth="40000" renewal-period="3600" />',
            Quota(calls=10_000, bandwidth=40_000, renewal_period=3600),
        ),
        ('<quota bandwidth="1" renewal-period="0" />', Quota(calls=None, bandwidth=1, renewal_period=0)),
        (
            (
                '<validate-content unspecified-content-type-action="ignore" max-size="1024"'
                ' size-exceeded-action="detect">'
                '<content validate-as="json" schema-id="iris" schema-ref="#/components/schemas/Iris"'
                ' action="detect"'
                ' allow-additional-properties="false" /></validate-content>'
            ),
            ValidateContent(
                unspecified_content_type_action="ignore",
                max_size=1024,
                size_exceeded_action="detect",
                contents=(
                    ContentType(
                        validate_as="json",
                        schema_id="iris",
                        schema_ref="#/components/schemas/Iris",
                        action="detect",
                        allow_additional_properties=False,
                    ),
                ),
            ),
        ),
        (
            '<set-header name="x-powered-by" exists-action="delete" />',
            SetHeader("x-powered-by", exists_action="delete"),
        ),
        (
            (
                "<set-header name='x-user'>\n  <value>\n    @(context.User.Id)\n  </value>\n"
                "  <value> plain </value><value/></set-header>"
            ),
            SetHeader("x-user", values=(Expression("context.User.Id"), "plain", "")),
        ),
        (
            (
                '<set-variable name="isMobile" value="@(context.Request.Headers'
                '.GetValueOrDefault("User-Agent","").Contains("iPad") || 1 < 2)" />'
            ),
            SetVariable(
                "isMobile",
                Expression(
                    'context.Request.Headers.GetValueOrDefault("User-Agent","").Contains("iPad") || 1 < 2',
                ),
            ),
        ),
        (
            '<set-variable name="x" value=" @{ return "a"; } " />',
            SetVariable("x", Expression(' return "a"; ', multi_statement=True)),
        ),
        (
            '<rewrite-uri template="/v2/US/{store}&{order}?City=city&State=state&amp;x=1" />',
            RewriteUri("/v2/US/{store}&{order}?City=city&State=state&x=1"),
        ),
        (
            '<set-backend-service base-url="https://iris.contoso.example" />',
            SetBackendService(base_url="https://iris.contoso.example"),
        ),
        (
            '<forward-request timeout="120" http-version="2or1" fail-on-error-status-code="true" />',
            ForwardRequest(timeout=120, http_version="2or1", fail_on_error_status_code=True),
        ),
    ],
)
def test_a_statement_as_the_reference_shows_it(xml: str, statement: Statement) -> None:
    assert inbound(xml) == (statement,)


def test_sections_that_are_absent_differ_from_empty_ones() -> None:
    document = parse("<policies><inbound><base /></inbound><backend><!-- nothing --></backend></policies>")
    assert document == PolicyDocument(inbound=(Base(),), backend=())
    assert document.outbound is None


def test_comments_and_cdata_are_no_statements() -> None:
    assert inbound(
        '<!-- <cors> with @("a --><base /><set-header name="x"><value><![CDATA[<a>]]></value></set-header>'
    ) == (Base(), SetHeader("x", values=("<a>",)))


def test_a_document_may_begin_with_an_xml_declaration() -> None:
    assert parse('<?xml version="1.0" encoding="utf-16"?>\n<policies />') == PolicyDocument()


def test_windows_line_ends_are_line_ends() -> None:
    (statement,) = inbound('<set-variable name="x" value="@{\r\n  return 1;\r\n}" />')
    assert statement == SetVariable("x", Expression("\n  return 1;\n", multi_statement=True))


def test_escaped_csharp_reads_the_same_in_the_format_xml() -> None:
    xml = (
        '<policies><inbound><set-variable name="x" value="@(a[&quot;b&quot;] &lt; 1 &amp;&amp; c)" />'
        '<set-header name="x"><value>@(a["b"] &lt; 1)</value></set-header></inbound></policies>'
    )
    assert parse(xml, PolicyContentFormat.XML).inbound == (
        SetVariable("x", Expression('a["b"] < 1 && c')),
        SetHeader("x", values=(Expression('a["b"] < 1'),)),
    )


def test_statements_know_their_line_even_behind_an_expression_of_several_lines() -> None:
    statements = inbound('<base />\n<set-variable\n name="x"\n value="@{\n  return 1;\n}"\n/>\n<base />')
    assert [statement.line for statement in statements] == [1, 2, 8]


@pytest.mark.parametrize(
    ("xml", "line", "message"),
    [
        ("<policies>\n<inbound>", 2, "not well-formed XML"),
        ("<policies></policy>", 1, "not well-formed XML"),
        ("", 1, "not well-formed XML"),
        ("<policies>\n\ud800</policies>", 2, "not well-formed XML"),
        ("<policies a='1' a='1' />", 1, "not well-formed XML: Attribute a redefined$"),
        ("<policies\n a='1", 2, "has no closing '"),
        ("<policies>\n<!-- ", 2, "has no closing -->"),
        ("<!DOCTYPE policies>\n<policies />", 1, "leave out <!DOCTYPE>"),
        ("<policies>&secret;</policies>", 1, "holds the text '&secret;'"),
        ("<fragment />", 1, "the document is a <fragment>: write a <policies>"),
        ('<policies version="1" />', 1, "<policies> has no attribute version: leave it out"),
        ("<policies>hello</policies>", 1, "<policies> holds the text 'hello'"),
        ("<policies>\n<inbounds />\n</policies>", 2, "<inbounds> is not a section: did you mean inbound"),
        ("<policies><x /></policies>", 1, "<x> is not a section: use inbound, backend, outbound, on-error"),
        (
            "<policies>\n\n<base /></policies>",
            3,
            "<base> stands outside a section: move it into one of <inbound>",
        ),
        ("<policies><inbound />\n<inbound /></policies>", 2, "<inbound> appears twice"),
        ('<policies><inbound a="1" /></policies>', 1, "<inbound> has no attribute a"),
    ],
)
def test_a_document_that_is_wrong_is_refused_with_its_line(xml: str, line: int, message: str) -> None:
    with pytest.raises(PolicyError, match=message) as refusal:
        parse(xml)
    assert refusal.value.line == line


@pytest.mark.parametrize(
    ("xml", "element", "message"),
    [
        ("<rate-limits />", "rate-limits", "is not a statement known here: did you mean rate-limit?"),
        ("<zzz />", "zzz", "is not a statement known here: use base, include-fragment"),
        ('<rate-limit calls="1" />', "rate-limit", "needs the attribute renewal-period: add it"),
        ('<rate-limit call="1" />', "rate-limit", "has no attribute call: did you mean calls?"),
        ('<base x="1" />', "base", "<base> has no attribute x: leave it out"),
        ("<base>text</base>", "base", "<base> holds the text 'text'"),
        ("<base><base /></base>", "base", "<base> does not belong in <base>: leave it out"),
        (
            '<rate-limit calls="many" renewal-period="1" />',
            "rate-limit",
            "<rate-limit>: calls is 'many': write a whole number",
        ),
        (
            '<rate-limit calls="@(1)" renewal-period="1" />',
            "rate-limit",
            "calls takes no policy expression: write a whole number",
        ),
        (
            '<set-header name="x" exists-action="replace" />',
            "set-header",
            "exists-action is 'replace': write override or skip or append or delete or a policy expression",
        ),
        (
            '<forward-request buffer-response="yes" />',
            "forward-request",
            "buffer-response is 'yes': write true or false",
        ),
        (
            '<rewrite-uri template="/v2/@(context.Api.Id)" />',
            "rewrite-uri",
            "make the whole value one expression",
        ),
        (
            '<set-header name="x"><value>Bearer @(token)</value></set-header>',
            "value",
            "make the whole value one expression",
        ),
        (
            '<set-header name="x"><values>1</values></set-header>',
            "values",
            "<values> does not belong in <set-header>: did you mean value?",
        ),
        (
            '<set-header name="x"><value><b /></value></set-header>',
            "b",
            "<b> does not belong in <value>: write text or a policy expression",
        ),
        (
            '<set-header name="x"><value type="s">1</value></set-header>',
            "value",
            "<value> has no attribute type",
        ),
        (
            (
                '<validate-content unspecified-content-type-action="prevent" max-size="1"'
                ' size-exceeded-action="prevent">'
                "<content-type-map /></validate-content>"
            ),
            "content-type-map",
            "is not supported here: name each content type in a <content> element",
        ),
        (
            '<set-backend-service backend-id="a" sf-listener-name="b" />',
            "set-backend-service",
            "has sf-listener-name, which is not supported here: name a backend",
        ),
        (
            '<rate-limit calls="1" renewal-period="1"><api id="a" /></rate-limit>',
            "api",
            "<api> in <rate-limit> is not supported here: give the API a policy document",
        ),
    ],
)
def test_a_statement_that_is_wrong_is_refused_with_a_remedy(xml: str, element: str, message: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        inbound(f"<base />\n{xml}")
    assert message in refusal.value.message
    assert refusal.value.element == element
    assert refusal.value.line == 2
    assert str(refusal.value).startswith("line 2: ")


@pytest.mark.parametrize("code", ['@("a" + (b)', "@(a == &quot;b&quot;)", '@{ return "x; }'])
def test_an_expression_without_an_end_is_refused_where_it_begins(code: str) -> None:
    with pytest.raises(PolicyError, match="policy expression that begins here does not end") as refusal:
        inbound(f'\n<set-variable name="x" value="{code}" />')
    assert refusal.value.line == 2
