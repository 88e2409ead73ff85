"""Texts that formats and patterns ask for."""

from collections.abc import Iterator, Mapping

from shared.contracts.dialect.pattern_syntax import (
    Characters,
    Choice,
    Part,
    Repeat,
    Sequence,
    UnknownSyntaxError,
    parsed,
)

FORMATS: Mapping[str, str] = {
    "byte": "ZXhhbXBsZQ==",
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "duration": "PT1H",
    "email": "user@contoso.example",
    "hostname": "contoso.example",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "12:00:00Z",
    "uri": "https://contoso.example/",
    "uri-reference": "/",
    "url": "https://contoso.example/",
    "uuid": "3f2b6c1e-5d4a-4b7c-9e8f-0a1b2c3d4e5f",
}
"""A text of each format that is widely used."""

_NICE = "a0A_-. "
"""Characters to choose where a set has one of them."""
_EXTRA = (0, 1, 2, 3, 5, 8, 16, 32, 64)


def matching(pattern: str, least: int) -> Iterator[str]:
    """Yield texts that match a pattern, the shortest first that have ``least`` characters."""
    try:
        branches = parsed(pattern)
    except UnknownSyntaxError:
        return
    for branch in branches:
        for extra in _EXTRA:
            text = _written(branch.part, extra)
            if len(text) >= least or not branch.to_end:
                yield text.ljust(least, "a")


def _written(part: Part, extra: int) -> str:
    match part:
        case Characters():
            return _character(part)
        case Sequence():
            return "".join(_written(inner, extra) for inner in part.parts)
        case Choice():
            return _written(part.parts[0], extra)
        case Repeat():
            times = part.least + extra
            return _written(part.part, extra) * (times if part.most is None else min(times, part.most))


def _character(part: Characters) -> str:
    for character in _NICE:
        if any(first <= ord(character) <= last for first, last in part.ranges):
            return character
    return chr(part.ranges[0][0])
