"""The load client, against the trivial backend and against servers that do not answer as they should."""

import asyncio
import re
from pathlib import Path

import pytest

from benchmarks import load, targets
from benchmarks.errors import BenchmarkError
from benchmarks.ports import free_block


def _request(port: int) -> load.Request:
    return load.Request(
        f"http://127.0.0.1:{port}/predict", (("Content-Type", "application/json"),), b"{}" * 5000
    )


@pytest.mark.parametrize("connections", [1, 7])
def test_every_request_is_answered_and_timed(tmp_path: Path, connections: int) -> None:
    answer, port = tmp_path / "answer.json", free_block()
    answer.write_text('{"outputs": []}')
    with targets.trivial_backend(port, answer):
        found = asyncio.run(load.send(_request(port), count=50, connections=connections))
    assert len(found.latencies) == 50
    assert 0 < max(found.latencies) <= found.seconds
    assert found.rate == 50 / found.seconds


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 4\r\n\r\nwait", "answered 429: wait"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "without Content-Length"),
    ],
)
def test_an_answer_that_is_no_prediction_ends_the_benchmark(answer: bytes, told: str) -> None:
    async def answered() -> None:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await load.send(load.Request(f"http://127.0.0.1:{port}/", (), b""), count=2, connections=2)

    with pytest.raises(BenchmarkError, match=re.escape(told)):
        asyncio.run(answered())
