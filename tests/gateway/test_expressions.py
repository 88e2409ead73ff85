"""The subset of C#: https://learn.microsoft.com/azure/api-management/api-management-policy-expressions."""

from random import Random
from uuid import UUID

import httpx
import pytest

from local_azure.gateway.breakers import Breakers
from local_azure.gateway.configuration import Api, Operation, Product, Service, Subscription
from local_azure.gateway.context import Context
from local_azure.gateway.counters import Counters
from local_azure.gateway.errors import ProxyError
from local_azure.gateway.expressions import EvaluationError, ExpressionError, compile_expression
from local_azure.gateway.expressions.members import MEMBERS
from local_azure.gateway.messages import Headers, Request, Response, Url

REQUEST_ID = UUID("12345678-1234-5678-1234-567812345678")


@pytest.fixture
def context() -> Context:
    url = Url("https", "contoso.azure-api.net", 443, "/species/v1/items/7", "kind=a&kind=b&empty=")
    headers = Headers([("X-One", "1"), ("x-two", "a"), ("X-Two", "b")])
    request = Request("POST", url, headers, b"{}", "192.0.2.7", url, "contoso.azure-api.net", {"id": "7"})
    return Context(
        service=Service("contoso"),
        request_id=REQUEST_ID,
        request=request,
        counters=Counters(),
        breakers=Breakers(),
        chance=Random(1),  # noqa: S311 - guards nothing
        client=httpx.AsyncClient(),
        api=Api("species-v1", "species", version="v1", display_name="Species"),
        operation=Operation("item", "POST", "/items/{id}"),
        product=Product("standard", display_name="Standard"),
        subscription=Subscription("fabrikam", "/apis"),
        variables={"text": "hello", "number": 3, "yes": True, "nothing": None},
        response=Response(404, Headers([("Content-Type", "text/plain")])),
        last_error=ProxyError("rate-limit", "RateLimitExceeded", "Rate limit is exceeded.", "api", "inbound"),
    )


def value(text: str, context: Context) -> object:
    return compile_expression(text).evaluate(context)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a" + "b"', "ab"),
        ('"a" + 1 + true', "a1True"),
        ('1 + 2 + "a"', "3a"),
        ('@"c:\\" + "\\t\\u0041"', "c:\\\tA"),
        ("1 + 2 == 3", True),
        ('"a" != "A"', True),
        ("1 < 2 && 2 <= 2 || false", True),
        ("true || false && false", True),
        ("!(1 > 2) && !false", True),
        ("1 >= 2 ? 1 : 2 > 1 ? 3 : 4", 3),
        ('null ?? "a"', "a"),
        ('$"{1 + 1} of {{{3}}}\\n"', "2 of {3}\n"),
        ("(1 + 1).ToString()", "2"),
        ("context.RequestId", REQUEST_ID),
        ("context.RequestId.ToString()", str(REQUEST_ID)),
        ('context.Request.Headers.GetValueOrDefault("x-one")', "1"),
        ('context.Request.Headers.GetValueOrDefault("X-TWO", "none")', "a,b"),
        ('context.Request.Headers.GetValueOrDefault("x-three", "none")', "none"),
        ('context.Request.Headers.GetValueOrDefault("x-three") == null', True),
        ('context.Request.Headers.ContainsKey("x-one")', True),
        ("context.Request.Method", "POST"),
        ("context.Request.IpAddress", "192.0.2.7"),
        ("context.Request.Url.Path", "/species/v1/items/7"),
        ("context.Request.Url.Host + context.Request.Url.Port", "contoso.azure-api.net443"),
        ('context.Request.Url.Query.GetValueOrDefault("kind")', "a,b"),
        ("context.Request.OriginalUrl.QueryString", "?kind=a&kind=b&empty="),
        ('context.Request.MatchedParameters["id"]', "7"),
        ("context.Response.StatusCode == 404 && context.Response != null", True),
        ('context.Response.Headers.GetValueOrDefault("content-type", "")', "text/plain"),
        ("context.Subscription.Id", "fabrikam"),
        ('context.Subscription?.Name ?? "anonymous"', "fabrikam"),
        ("context.Product.Id + context.Product.Name", "standardStandard"),
        (
            "context.Api.Id + context.Api.Name + context.Api.Path + context.Api.Version",
            "species-v1Speciesspeciesv1",
        ),
        ("context.Operation.Id", "item"),
        ("context.Deployment.ServiceName", "contoso"),
        ("context.LastError.Source + context.LastError.Reason", "rate-limitRateLimitExceeded"),
        ('(string)context.Variables["text"] + "!"', "hello!"),
        ('(int)context.Variables["number"] + 1', 4),
        ('context.Variables["yes"].ToString()', "True"),
        ('context.Variables.GetValueOrDefault<string>("text")', "hello"),
        ('context.Variables.GetValueOrDefault<int>("missing", 5)', 5),
        ('context.Variables.ContainsKey("missing")', False),
        ('"Hi There".Length', 8),
        ('" aB ".Trim().ToLower() + "aB".ToUpperInvariant()', "abAB"),
        ('"abc".StartsWith("ab") && "abc".EndsWith("bc") && "abc".Contains("b")', True),
        ('"abc".Replace("b", "x").Substring(1, 2)', "xc"),
        ('string.IsNullOrEmpty(context.Request.Headers.GetValueOrDefault("x-three"))', True),
        ('String.IsNullOrWhiteSpace(" ")', True),
        ("Guid.NewGuid() == Guid.NewGuid()", False),
        ('Uri.EscapeDataString("a b&c=~/\u00e9")', "a%20b%26c%3D~%2F%C3%A9"),
    ],
)
def test_value(context: Context, text: str, expected: object) -> None:
    result = value(text, context)
    assert (type(result), result) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("context.Foo", "'context' does not contain a definition for 'Foo'"),
        ("context.Foo", "it knows context.RequestId, context.Request,"),
        ("context.Subscription.Key", "it knows context.Subscription.Id, context.Subscription.Name"),
        ("context.request.Method", "does not contain a definition for 'request'"),
        ("DateTime.Now", "The name 'DateTime' does not exist"),
        ("context.RequestId()", "context.RequestId is a property, without parentheses"),
        ("context.RequestId.ToString", "is a method, with parentheses"),
        ("context.Request.Headers.GetValueOrDefault()", "does not take 0 arguments"),
        (
            "context.Request.Headers.GetValueOrDefault(1)",
            "cannot take a System.Int32 where it wants a System.String",
        ),
        (
            'context.Variables.GetValueOrDefault("x")',
            "needs a type between angle brackets: string, int, bool",
        ),
        ('context.Variables.GetValueOrDefault<Guid>("x")', "needs a type between angle brackets"),
        ('context.Variables["x"] == "a"', "cast the object first, as (string)context.Variables"),
        (
            'context.Request.Headers.GetValueOrDefault("a") ?? context.RequestId',
            "ToString() makes the other operand",
        ),
        ("context.Response?.StatusCode", "would be a nullable System.Int32"),
        ('context.Request.Headers["x"]', "cannot be indexed here"),
        ("(string)1", "cannot be cast to string; ToString()"),
        (
            '1 == "1"',
            "Operator '==' cannot be applied to operands of type 'System.Int32' and 'System.String'",
        ),
        ("1 && true", "Operator '&&' cannot be applied"),
        ('!"a"', "Operator '!' cannot be applied"),
        ('1 ? "a" : "b"', "the condition before '?' is a System.Int32"),
        ('true ? "a" : 1', "both sides of ':' must be of one type"),
        ("2 * 3", "knows the operators ! ? ?? || && =="),
        ("1.5", "'1' at character 1 starts nothing that is known"),
        ("'a'", "starts nothing that is known"),
        ('"\\q"', "is no escape sequence"),
        ('$"{1"', "'{' without '}'"),
        ("(1", "')' is expected, not the end"),
        ("1 1", "'1' at character 3 is not expected there"),
        ("", "a value is expected, not the end"),
    ],
)
def test_outside_the_subset_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        compile_expression(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("context.Subscription.Id", "Object reference not set to an instance of an object."),
        ('context.Variables["missing"]', "The given key was not present in the dictionary."),
        (
            '(string)context.Variables["number"]',
            "Unable to cast object of type 'System.Int32' to type 'System.String'.",
        ),
        ('(int)context.Variables["nothing"]', "Object reference not set"),
        ('"abc".Substring(4)', "Index and length must refer to a location within the string."),
    ],
)
def test_failure_on_a_request_is_dotnets(context: Context, text: str, says: str) -> None:
    context.subscription = None
    with pytest.raises(EvaluationError) as failed:
        value(text, context)
    assert says in str(failed.value)


def test_null_conditional_stops_at_null(context: Context) -> None:
    context.subscription = None
    assert value('context.Subscription?.Id ?? "anonymous"', context) == "anonymous"


def test_every_member_has_a_signature_that_is_its_own() -> None:
    signatures = [member.signature() for member in MEMBERS.values()]
    assert "context.Variables.GetValueOrDefault<T>(string[, T])" in signatures
    assert len(set(signatures)) == len(MEMBERS)
