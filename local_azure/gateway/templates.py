"""URL templates of operations: `/items/{id}?kind={kind}`, `/files/*`, `/files/{*rest}`."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from local_azure.gateway.messages import Url

PARAMETER = re.compile(r"\{(?P<wildcard>\*?)(?P<name>[^{}*]+)\}")

_LITERAL, _PARAMETER, _WILDCARD = range(3)


@dataclass(frozen=True, slots=True)
class Template:
    """A URL template, compiled."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    """Parameters in the path, in the order of the pattern's groups."""
    query: tuple[tuple[str, str], ...]
    """Names in the query, and the parameter each is bound to; the query does not choose the operation."""
    rank: tuple[int, ...]
    """Sorts templates: literal segments before parameters before wildcards, segment by segment."""

    def match(self, url: Url, path: str) -> dict[str, str] | None:
        """Return the decoded parameters when the path fits, else None. Literals compare without case."""
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        parameters = {name: unquote(value) for name, value in zip(self.names, found.groups(), strict=True)}
        in_query = [(parameter, url.query_value(name)) for name, parameter in self.query]
        return parameters | {parameter: value for parameter, value in in_query if value is not None}


def compile_template(url_template: str) -> Template:
    """Compile a URL template."""
    path = url_template.partition("?")[0].strip("/")
    segments = path.split("/") if path else []
    names: list[str] = []
    pattern = "".join(_segment(segment, names) for segment in segments)
    rank = tuple(_rank(segment) for segment in segments)
    return Template(re.compile(pattern + "/?", re.IGNORECASE), tuple(names), _query(url_template), rank)


def query_names(url_template: str) -> frozenset[str]:
    """Return the query parameters that a template names, in lower case."""
    return frozenset(name.lower() for name, _ in _query(url_template))


def _query(url_template: str) -> tuple[tuple[str, str], ...]:
    pairs = parse_qsl(url_template.partition("?")[2], keep_blank_values=True)
    return tuple((name, value.strip("{}")) for name, value in pairs)


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
