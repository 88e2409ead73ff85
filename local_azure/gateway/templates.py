"""URL templates of operations: `/items/{id}?kind={kind}`, `/files/*`, `/files/{*rest}`."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from local_azure.gateway.messages import Url

PARAMETER = re.compile(r"\{(?P<wildcard>\*?)(?P<name>[^{}*]+)\}")

_LITERAL, _PARAMETER, _WILDCARD = range(3)


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One name in a template's query: bound to a parameter, or asking for one value.

    "API Management allows operations to be discriminated by both path and query parameters":
    https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions
    """

    name: str
    parameter: str | None
    literal: str | None
    """In lower case."""


@dataclass(frozen=True, slots=True)
class Template:
    """A URL template, compiled."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    """Parameters in the path, in the order of the pattern's groups."""
    query: tuple[QueryTerm, ...]
    rank: tuple[tuple[int, ...], int, int]
    """Sorts templates: literal segments before parameters before wildcards, segment by segment; of equal
    paths the one that asks most of the query first, and of those the one with most literal values."""

    def match(self, url: Url, path: str) -> dict[str, str] | None:
        """Return the decoded parameters when path and query fit, else None. Literals compare without case.

        The query has to hold every parameter that the template names, in any order, and may hold more.
        """
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        parameters = {name: unquote(value) for name, value in zip(self.names, found.groups(), strict=True)}
        for term in self.query:
            value = url.query_value(term.name)
            if value is None or (term.literal is not None and value.lower() != term.literal):
                return None
            if term.parameter is not None:
                parameters[term.parameter] = value
        return parameters


def compile_template(url_template: str) -> Template:
    """Compile a URL template."""
    path = url_template.partition("?")[0].strip("/")
    segments = path.split("/") if path else []
    names: list[str] = []
    pattern = "".join(_segment(segment, names) for segment in segments)
    query = _query(url_template)
    literals = sum(term.literal is not None for term in query)
    rank = (tuple(_rank(segment) for segment in segments), -len(query), -literals)
    return Template(re.compile(pattern + "/?", re.IGNORECASE), tuple(names), query, rank)


def query_names(url_template: str) -> frozenset[str]:
    """Return the query parameters that a template names, in lower case."""
    return frozenset(term.name.lower() for term in _query(url_template))


def _query(url_template: str) -> tuple[QueryTerm, ...]:
    pairs = parse_qsl(url_template.partition("?")[2], keep_blank_values=True)
    return tuple(_term(name, value) for name, value in pairs)


def _term(name: str, value: str) -> QueryTerm:
    bound = PARAMETER.fullmatch(value)
    if bound is None:
        return QueryTerm(name, None, value.lower())
    return QueryTerm(name, bound.group("name"), None)


def _segment(segment: str, names: list[str]) -> str:
    if segment == "*":
        return "/.*"
    pattern, position = "/", 0
    for match in PARAMETER.finditer(segment):
        names.append(match.group("name"))
        pattern += re.escape(segment[position : match.start()]) + (
            "(.*)" if match.group("wildcard") else "([^/]+)"
        )
        position = match.end()
    return pattern + re.escape(segment[position:])


def _rank(segment: str) -> int:
    if segment == "*" or "{*" in segment:
        return _WILDCARD
    return _PARAMETER if "{" in segment else _LITERAL
