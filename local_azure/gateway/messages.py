"""Requests and responses as the gateway holds them while policies change them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, urlsplit

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Headers that belong to one connection and are never passed on (RFC 9110, section 7.6.1)."""


def encoded(fields: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Write header fields for the wire: Latin-1, as they were read; UTF-8 where a policy went beyond it."""
    return [(name.encode("latin-1"), _encoded(value)) for name, value in fields]


def _encoded(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


class Headers:
    """Header fields in the order of arrival; names compare without regard to case, a name may repeat."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        """Copy the fields."""
        self._fields = list(fields)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Iterate over the fields in order."""
        return iter(self._fields)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is such a header."""
        wanted = name.lower()
        return any(known.lower() == wanted for known, _ in self._fields)

    def values(self, name: str) -> list[str]:
        """Return every value of a header, in order."""
        wanted = name.lower()
        return [value for known, value in self._fields if known.lower() == wanted]

    def get(self, name: str) -> str | None:
        """Return a header's values joined by commas, None when there is none."""
        values = self.values(name)
        return ",".join(values) if values else None

    def delete(self, name: str) -> None:
        """Remove a header; one that is not there is no error."""
        wanted = name.lower()
        self._fields = [(known, value) for known, value in self._fields if known.lower() != wanted]

    def append(self, name: str, values: Iterable[str]) -> None:
        """Add values to a header, keeping those it has."""
        self._fields.extend((name, value) for value in values)

    def set(self, name: str, values: Iterable[str]) -> None:
        """Replace a header's values."""
        self.delete(name)
        self.append(name, values)

    def end_to_end(self) -> list[tuple[str, str]]:
        """Return the fields that may be passed on: without those of this connection."""
        named = {part.strip().lower() for value in self.values("Connection") for part in value.split(",")}
        dropped = HOP_BY_HOP | named
        return [(name, value) for name, value in self._fields if name.lower() not in dropped]


@dataclass(frozen=True, slots=True)
class Url:
    """A URL taken apart, `IUrl` of policy expressions. `path` and `query_string` stay percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str
    query_string: str = ""
    """Without the question mark."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an absolute URL; a `ValueError` says that it has no scheme or host."""
        parts = urlsplit(text)
        if not parts.scheme or not parts.hostname:
            raise ValueError(
                f"'{text}' is not an absolute URL: it needs a scheme and a host, as https://host/path"
            )
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return cls(parts.scheme, parts.hostname, port, parts.path, parts.query)

    def query(self) -> list[tuple[str, str]]:
        """Return the query's parameters in order, decoded."""
        return parse_qsl(self.query_string, keep_blank_values=True)

    def query_value(self, name: str) -> str | None:
        """Return a parameter's values joined by commas, None without one; names compare without case."""
        wanted = name.lower()
        values = [value for known, value in self.query() if known.lower() == wanted]
        return ",".join(values) if values else None


@dataclass(slots=True)
class Request:
    """The request on its way to the backend."""

    method: str
    url: Url
    headers: Headers
    body: bytes
    ip_address: str
    original_url: Url
    """As the caller wrote it; `url` is what the backend will get."""
    host: str
    """The caller's `Host` header; it is not passed on unless a policy changes it."""
    matched_parameters: dict[str, str] = field(default_factory=dict)
    """Parameters of the operation's URL template."""


@dataclass(slots=True)
class Response:
    """The response on its way to the caller."""

    status_code: int
    headers: Headers
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = None
    """A body that is passed on as it comes; then `body` is empty."""
    close: Callable[[], Awaitable[None]] | None = None
    """Ends the stream; has to be called when there is one, read or not."""
