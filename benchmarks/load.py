"""A client that sends one request over and over, on connections that stay open: as little client as can be."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.errors import BenchmarkError

_SUCCESS = b"200"


@dataclass(frozen=True)
class Request:
    """A POST."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def encoded(self) -> bytes:
        """Return the request as it goes over the wire."""
        parts = urlsplit(self.url)
        fields = (("Host", parts.netloc), *self.headers, ("Content-Length", str(len(self.body))))
        head = "".join(f"{name}: {value}\r\n" for name, value in fields)
        return f"POST {parts.path} HTTP/1.1\r\n{head}\r\n".encode() + self.body


@dataclass(frozen=True)
class Load:
    """What came of a number of requests."""

    latencies: Sequence[float]
    """Seconds from the first byte sent to the last byte received, one per request."""
    seconds: float
    """For all of them."""

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds


async def send(request: Request, *, count: int, connections: int) -> Load:
    """Send `count` requests over `connections`, each with the next one as soon as it has its answer.

    Raises BenchmarkError when an answer is not 200.
    """
    parts = urlsplit(request.url)
    data, latencies, turns = request.encoded(), list[float](), iter(range(count))
    streams = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(connections)]

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in turns:
            started = time.perf_counter()
            writer.write(data)
            await _answer(reader, request.url)
            latencies.append(time.perf_counter() - started)

    started = time.perf_counter()
    try:
        async with asyncio.TaskGroup() as workers:
            for reader, writer in streams:
                workers.create_task(work(reader, writer))
    except* BenchmarkError as failed:
        raise failed.exceptions[0] from None
    finally:
        for _, writer in streams:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in streams), return_exceptions=True)
    return Load(latencies, time.perf_counter() - started)


async def _answer(reader: asyncio.StreamReader, url: str) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(_length(head, url))
    status = head.split(maxsplit=2)[1]
    if status != _SUCCESS:
        raise BenchmarkError(f"{url} answered {status.decode()}: {body.decode(errors='replace')}")


def _length(head: bytes, url: str) -> int:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    raise BenchmarkError(f"{url} answered without Content-Length, which this client needs.")
