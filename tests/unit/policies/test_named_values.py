"""Named values and backends that documents use."""

import pytest

from shared.policies import (
    Expression,
    PolicyContentFormat,
    PolicyDocument,
    PolicyError,
    SetBackendService,
    SetHeader,
    SetVariable,
    named_values,
    parse,
    references,
    substitute,
)


def document(value: str) -> str:
    """Return a document that puts this text between the tags of a header's value."""
    return f'<policies><inbound><set-header name="x"><value>{value}</value></set-header></inbound></policies>'


def test_named_values_are_found_in_literals_and_expressions_of_every_section() -> None:
    found = named_values(
        PolicyDocument(
            inbound=(SetVariable("x", "{{first}}-{{second-1}}"),),
            outbound=(SetHeader("{{third.a}}", values=(Expression('"{{fourth_b}}"'),)),),
            on_error=(SetHeader("x", values=("{not} {{ either }}",)),),
        )
    )
    assert found == {"first", "second-1", "third.a", "fourth_b"}


def test_a_named_value_is_replaced() -> None:
    assert substitute(document("a {{name}} b"), {"name": "1", "other": "2"}) == document("a 1 b")


def test_a_secret_stays_one_text_whatever_it_holds() -> None:
    value = "</value>&\"<b>'{{name}}"
    for content_format in PolicyContentFormat:
        xml = substitute(document("{{name}}"), {"name": value}, content_format)
        assert parse(xml, content_format).inbound == (SetHeader("x", values=(value,)),)


def test_a_secret_in_an_attribute_stays_one_text_too() -> None:
    xml = '<policies><inbound><set-variable name="x" value="{{name}}" /></inbound></policies>'
    assert parse(substitute(xml, {"name": '" /><base a="'})).inbound == (SetVariable("x", '" /><base a="'),)


def test_a_named_value_in_csharp_is_put_in_as_it_is() -> None:
    xml = substitute(document('@("{{name}}" + 1 < 2)'), {"name": 'a" + "<b'})
    assert parse(xml).inbound == (SetHeader("x", values=(Expression('"a" + "<b" + 1 < 2'),)),)


def test_a_named_value_in_csharp_is_escaped_in_the_format_xml() -> None:
    xml = substitute(document('@("{{name}}")'), {"name": "a<b"}, PolicyContentFormat.XML)
    assert parse(xml, PolicyContentFormat.XML).inbound == (SetHeader("x", values=(Expression('"a<b"'),)),)


def test_a_named_value_may_be_a_policy_expression() -> None:
    xml = substitute(document("{{name}}"), {"name": '@(context.Api.Name + "<")'})
    assert parse(xml).inbound == (SetHeader("x", values=(Expression('context.Api.Name + "<"'),)),)


def test_comments_keep_their_text() -> None:
    assert substitute("<!-- {{name}} --><policies />", {}) == "<!-- {{name}} --><policies />"


def test_an_unknown_named_value_is_refused_by_name_and_line() -> None:
    with pytest.raises(PolicyError, match=r"\{\{missing\}\} is not a named value of the service") as refusal:
        substitute(document("\n\n{{missing}}"), {"name": "1"})
    assert refusal.value.line == 3


def test_backends_are_found_in_every_section_unless_an_expression_chooses_them() -> None:
    found = references(
        PolicyDocument(
            inbound=(
                SetBackendService(backend_id="iris-v1"),
                SetBackendService(backend_id=Expression("context.Api.Name")),
                SetBackendService(base_url="https://iris.contoso.example"),
            ),
            backend=(SetBackendService(backend_id="iris-v2"),),
        )
    )
    assert found == {"iris-v1", "iris-v2"}
