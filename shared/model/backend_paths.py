"""Where on the model server a call goes: the path of the operation there, and the query that its contract knows."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from shared.azure.subscription_keys import KEY_QUERY
from shared.contracts.contract import Operation, ParameterPlace
from shared.policies import Expression, RewriteUri

_QUERY = "context.Request.OriginalUrl.Query"
_PARAMETER = re.compile(r"\{(?P<name>[^{}]+)\}")


def rewriting(operation: Operation) -> RewriteUri:
    """Return how the address of a call becomes that on the model server.

    Parameters of the query that the contract names go along, and no others: one may hold the caller's key. A rewrite
    copies all or none of those that a URL template does not name, and a template names those that every call has; so
    the address is put together by an expression.
    """
    names = [name for name in _query_names(operation) if name.lower() != KEY_QUERY.lower()]
    if not names:
        return RewriteUri(operation.backend_path, copy_unmatched_params=False)
    parts = [*_path(operation.backend_path), _text("?"), *map(_if_sent, names)]
    # Each part of the query begins with an ampersand; the first needs none. Values hold neither character: they are
    # escaped.
    code = f'({" + ".join(parts)}).Replace("?&", "?")'
    return RewriteUri(Expression(code), copy_unmatched_params=False)


def _query_names(operation: Operation) -> Iterator[str]:
    return (each.name for each in operation.parameters if each.place is ParameterPlace.QUERY)


def _path(path: str) -> Iterator[str]:
    """Yield the path as terms of C#: text, and the values of its parameters."""
    position = 0
    for match in _PARAMETER.finditer(path):
        yield _text(path[position : match.start()])
        yield f"Uri.EscapeDataString(context.Request.MatchedParameters[{_text(match['name'])}])"
        position = match.end()
    if path[position:]:
        yield _text(path[position:])


def _if_sent(name: str) -> str:
    """Return a term of C# that is the parameter as it stands in a query, or nothing when the call has none."""
    beginning = _text(f"&{quote(name, safe='')}=")
    value = f"Uri.EscapeDataString({_QUERY}.GetValueOrDefault({_text(name)}))"
    return f'({_QUERY}.ContainsKey({_text(name)}) ? {beginning} + {value} : "")'


def _text(text: str) -> str:
    """Return a text as C# writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
