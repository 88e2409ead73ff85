"""Policy expressions: where their C# ends, and which C# is refused."""

import pytest

from shared.policies import Expression, PolicyDocument, PolicyError, SetHeader, SetVariable, parse, render

CODE = [
    "true",
    "((1 + 1).ToString())",
    'context.Request.Headers.GetValueOrDefault("X", "")',
    'context.Response.StatusCode < 300 && context.Api.Name != ")"',
    "')' + '\"' + '\\''",
    'Regex.Match(x, @"max-age=(?<maxAge>\\d+)"").*").Groups["maxAge"]?.Value',
    '$"{context.Api.Id}-{(a ? "x)" : "}")}-{{literal}}"',
    '$@"C:\\{name}\\"" )"',
    '@$"{a["b"]}"',
    '$"{$"{inner}"}"',
    "/* ) */ 1",
    "context.Request.Body.As<JObject>(preserveContent: true)",
    '"{{named-value}}"',
    '"&lt;" + "&amp;"',
    "a & b",
]
BLOCKS = [
    "\n  // closes here: }\n  return 1;\n",
    '\n\tvar list = new List<string> { "a", "}" };\n\treturn list[0];\n',
    "return true ? 'x' : '}';",
]


@pytest.mark.parametrize("code", CODE)
def test_an_expression_reads_back_from_an_attribute_and_from_a_text(code: str) -> None:
    document = PolicyDocument(
        inbound=(SetVariable("x", Expression(code)), SetHeader("x", (Expression(code), "last"))),
    )
    assert parse(render(document)) == document


@pytest.mark.parametrize("code", BLOCKS)
def test_a_block_reads_back_with_its_line_ends(code: str) -> None:
    block = Expression(code, multi_statement=True)
    document = PolicyDocument(inbound=(SetVariable("x", block), SetHeader("x", (block,))))
    assert parse(render(document)) == document


def test_an_expression_shows_itself_as_rawxml_does() -> None:
    assert str(Expression("a")) == "@(a)"
    assert str(Expression("return a;", multi_statement=True)) == "@{return a;}"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("  ", "is empty"),
        ("a)", "does not end where it should"),
        ("(a", "does not end where it should"),
        ('"a', "does not end where it should"),
        ('$"{a"', "does not end where it should"),
        ("(a]", "does not end where it should"),
        ("a &lt; b", "does not end where it should"),
        ("a\r\nb", "write it as a C# escape"),
    ],
)
def test_csharp_that_cannot_stand_in_a_document_is_refused(code: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        Expression(code)


def test_deeply_nested_csharp_is_read() -> None:
    assert Expression("(" * 20_000 + ")" * 20_000).code.startswith("((")
    assert Expression('$"{' * 5_000 + "1" + '}"' * 5_000).code.endswith('"')
