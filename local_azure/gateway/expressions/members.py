"""The members that expressions may use: one table to document, to check at deployment and to evaluate.

Names and meaning are those of .NET and of
https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

from local_azure.gateway.expressions.errors import EvaluationError
from local_azure.gateway.expressions.types import Kind
from local_azure.gateway.expressions.values import to_text
from local_azure.gateway.messages import Headers, Url

Evaluate = Callable[..., object]
"""Takes the object that the member belongs to, then the arguments."""


@dataclass(frozen=True, slots=True)
class KnownMember:
    """One property or method."""

    owner: Kind
    name: str
    result: Kind
    evaluate: Evaluate
    parameters: tuple[Kind, ...] | None = None
    """None for a property."""
    optional: int = 0
    """How many of the last parameters may be left out."""
    generic: bool = False
    """The result, and the last parameter, are of the type named between angle brackets."""

    def signature(self) -> str:
        """Return the member as it is written: `Headers.GetValueOrDefault(string[, string])`."""
        name = f"{_short(self.owner)}.{self.name}" + ("<T>" if self.generic else "")
        if self.parameters is None:
            return name
        shown = ["T" if self.generic and kind is Kind.OBJECT else _short(kind) for kind in self.parameters]
        required = len(shown) - self.optional
        return (
            f"{name}({', '.join(shown[:required])}"
            + "".join(f"[, {kind}]" for kind in shown[required:])
            + ")"
        )


def _short(kind: Kind) -> str:
    return {Kind.STRING: "string", Kind.INT: "int", Kind.BOOL: "bool", Kind.OBJECT: "object"}.get(kind, kind)


def _value(source: Headers | Url, name: str, default: str | None = None) -> str | None:
    found = source.get(name) if isinstance(source, Headers) else source.query_value(name)
    return default if found is None else found


def _item(source: Mapping[str, object], name: str) -> object:
    if name not in source:
        raise EvaluationError("The given key was not present in the dictionary.")
    return source[name]


def _substring(text: str, start: int, length: int | None = None) -> str:
    end = len(text) if length is None else start + length
    if start < 0 or end < start or end > len(text):
        raise EvaluationError("Index and length must refer to a location within the string.")
    return text[start:end]


def _replace(text: str, old: str, new: str | None) -> str:
    if not old:
        raise EvaluationError("String cannot be of zero length.")
    return text.replace(old, new or "")


def _escape_data_string(_: object, text: str | None) -> str:
    if text is None:
        raise EvaluationError("Value cannot be null. (Parameter 'stringToEscape')")
    return quote(text, safe="")


def _properties(owner: Kind, properties: Mapping[str, tuple[Kind, Evaluate]]) -> list[KnownMember]:
    return [KnownMember(owner, name, result, evaluate) for name, (result, evaluate) in properties.items()]


def _method(  # noqa: PLR0913, PLR0917 - the columns of the table
    owner: Kind, name: str, parameters: tuple[Kind, ...], result: Kind, evaluate: Evaluate, optional: int = 0
) -> KnownMember:
    return KnownMember(owner, name, result, evaluate, parameters, optional)


_STRING, _INT, _BOOL = Kind.STRING, Kind.INT, Kind.BOOL

_CONTEXT = _properties(
    Kind.CONTEXT,
    {
        "RequestId": (Kind.GUID, lambda context: context.request_id),
        "Request": (Kind.REQUEST, lambda context: context.request),
        "Response": (Kind.RESPONSE, lambda context: context.response),
        "Variables": (Kind.VARIABLES, lambda context: context.variables),
        "Subscription": (Kind.SUBSCRIPTION, lambda context: context.subscription),
        "Product": (Kind.PRODUCT, lambda context: context.product),
        "Api": (Kind.API, lambda context: context.api),
        "Operation": (Kind.OPERATION, lambda context: context.operation),
        "Deployment": (Kind.DEPLOYMENT, lambda context: context.service),
        "LastError": (Kind.LAST_ERROR, lambda context: context.last_error),
    },
)

_MESSAGES = [
    *_properties(
        Kind.REQUEST,
        {
            "Method": (_STRING, lambda request: request.method),
            "IpAddress": (_STRING, lambda request: request.ip_address),
            "Headers": (Kind.HEADERS, lambda request: request.headers),
            "Url": (Kind.URL, lambda request: request.url),
            "OriginalUrl": (Kind.URL, lambda request: request.original_url),
            "MatchedParameters": (Kind.PARAMETERS, lambda request: request.matched_parameters),
        },
    ),
    *_properties(
        Kind.RESPONSE,
        {
            "StatusCode": (_INT, lambda response: response.status_code),
            "Headers": (Kind.HEADERS, lambda response: response.headers),
        },
    ),
    *_properties(
        Kind.URL,
        {
            "Scheme": (_STRING, lambda url: url.scheme),
            "Host": (_STRING, lambda url: url.host),
            "Port": (_INT, lambda url: url.port),
            "Path": (_STRING, lambda url: url.path),
            "QueryString": (_STRING, lambda url: f"?{url.query_string}" if url.query_string else ""),
            "Query": (Kind.QUERY, lambda url: url),
        },
    ),
    _method(Kind.HEADERS, "GetValueOrDefault", (_STRING, _STRING), _STRING, _value, optional=1),
    _method(Kind.HEADERS, "ContainsKey", (_STRING,), _BOOL, lambda headers, name: name in headers),
    _method(Kind.QUERY, "GetValueOrDefault", (_STRING, _STRING), _STRING, _value, optional=1),
    _method(
        Kind.QUERY, "ContainsKey", (_STRING,), _BOOL, lambda url, name: url.query_value(name) is not None
    ),
    _method(Kind.PARAMETERS, "ContainsKey", (_STRING,), _BOOL, lambda parameters, name: name in parameters),
    _method(Kind.VARIABLES, "ContainsKey", (_STRING,), _BOOL, lambda variables, name: name in variables),
]

_TOKENS = [
    *_properties(Kind.JWT, {"Claims": (Kind.CLAIMS, lambda token: token.claims)}),
    _method(
        Kind.CLAIMS,
        "GetValueOrDefault",
        (_STRING, _STRING),
        _STRING,
        lambda claims, name, default: ",".join(claims[name]) if name in claims else default,
    ),
]

_ENTITIES = [
    *_properties(
        Kind.SUBSCRIPTION,
        {
            "Id": (_STRING, lambda subscription: subscription.name),
            "Name": (_STRING, lambda subscription: subscription.display_name or subscription.name),
        },
    ),
    *_properties(
        Kind.PRODUCT,
        {
            "Id": (_STRING, lambda product: product.name),
            "Name": (_STRING, lambda product: product.display_name or product.name),
        },
    ),
    *_properties(
        Kind.API,
        {
            "Id": (_STRING, lambda api: api.id),
            "Name": (_STRING, lambda api: api.display_name or api.id),
            "Revision": (_STRING, lambda api: api.revision),
            "IsCurrentRevision": (_BOOL, lambda api: api.is_current),
            "Path": (_STRING, lambda api: api.path),
            "Version": (_STRING, lambda api: api.version),
        },
    ),
    *_properties(
        Kind.OPERATION,
        {
            "Id": (_STRING, lambda operation: operation.name),
            "Name": (_STRING, lambda operation: operation.display_name or operation.name),
            "Method": (_STRING, lambda operation: operation.method),
            "UrlTemplate": (_STRING, lambda operation: operation.url_template),
        },
    ),
    *_properties(Kind.DEPLOYMENT, {"ServiceName": (_STRING, lambda service: service.name)}),
    *_properties(
        Kind.LAST_ERROR,
        {
            "Source": (_STRING, lambda error: error.source),
            "Reason": (_STRING, lambda error: error.reason),
            "Message": (_STRING, lambda error: error.message),
            "Scope": (_STRING, lambda error: error.scope),
            "Section": (_STRING, lambda error: error.section),
        },
    ),
]

_VALUES = [
    KnownMember(_STRING, "Length", _INT, len),
    _method(_STRING, "ToLower", (), _STRING, lambda text: text.lower()),
    _method(_STRING, "ToUpper", (), _STRING, lambda text: text.upper()),
    _method(_STRING, "ToLowerInvariant", (), _STRING, lambda text: text.lower()),
    _method(_STRING, "ToUpperInvariant", (), _STRING, lambda text: text.upper()),
    _method(_STRING, "Trim", (), _STRING, lambda text: text.strip()),
    _method(_STRING, "StartsWith", (_STRING,), _BOOL, lambda text, prefix: text.startswith(prefix)),
    _method(_STRING, "EndsWith", (_STRING,), _BOOL, lambda text, suffix: text.endswith(suffix)),
    _method(_STRING, "Contains", (_STRING,), _BOOL, lambda text, part: part in text),
    _method(_STRING, "Replace", (_STRING, _STRING), _STRING, _replace),
    _method(_STRING, "Substring", (_INT, _INT), _STRING, _substring, optional=1),
    *(
        _method(kind, "ToString", (), _STRING, to_text)
        for kind in (_STRING, _INT, _BOOL, Kind.GUID, Kind.OBJECT)
    ),
    _method(Kind.STRING_CLASS, "IsNullOrEmpty", (_STRING,), _BOOL, lambda _, text: not text),
    _method(
        Kind.STRING_CLASS, "IsNullOrWhiteSpace", (_STRING,), _BOOL, lambda _, text: not (text or "").strip()
    ),
    _method(Kind.GUID_CLASS, "NewGuid", (), Kind.GUID, lambda _: uuid4()),
    _method(Kind.URI_CLASS, "EscapeDataString", (_STRING,), _STRING, _escape_data_string),
    KnownMember(
        Kind.VARIABLES,
        "GetValueOrDefault",
        Kind.OBJECT,
        lambda variables, name, default=None: variables.get(name, default),
        (_STRING, Kind.OBJECT),
        optional=1,
        generic=True,
    ),
]

MEMBERS: Mapping[tuple[Kind, str], KnownMember] = {
    (member.owner, member.name): member for member in (*_CONTEXT, *_MESSAGES, *_TOKENS, *_ENTITIES, *_VALUES)
}
"""Every member of the subset, by owner and name."""

INDEXERS: Mapping[Kind, tuple[Kind, Evaluate]] = {
    Kind.VARIABLES: (Kind.OBJECT, _item),
    Kind.PARAMETERS: (Kind.STRING, _item),
}
"""What can be indexed with a string between brackets, and the type of an item."""

ROOTS: Mapping[str, Kind] = {
    "context": Kind.CONTEXT,
    "string": Kind.STRING_CLASS,
    "String": Kind.STRING_CLASS,
    "Guid": Kind.GUID_CLASS,
    "Uri": Kind.URI_CLASS,
}
"""Names that stand alone."""


def members_of(owner: Kind) -> str:
    """List the members of a type for an error sentence."""
    known = [member.signature() for (kind, _), member in MEMBERS.items() if kind is owner]
    known += [f"{_short(owner)}[string]"] if owner in INDEXERS else []
    return ", ".join(known) or "none"
