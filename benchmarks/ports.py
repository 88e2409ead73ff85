"""Free ports for servers that benchmarks and tests start."""

import random
import socket

from benchmarks.errors import BenchmarkError

_BLOCK = 6
_TRIES = 200


def free_block() -> int:
    """Return the first of six consecutive free ports, below the range the system hands out by itself.

    Raises BenchmarkError when none are found.
    """
    for _ in range(_TRIES):
        base = random.randrange(10_000, 30_000, _BLOCK)  # noqa: S311 - no secret
        sockets = []
        try:
            for port in range(base, base + _BLOCK):
                sockets.append(socket.create_server(("127.0.0.1", port)))  # noqa: PERF401 - each must be closed
        except OSError:
            continue
        finally:
            for opened in sockets:
                opened.close()
        return base
    raise BenchmarkError("No six consecutive free ports were found on 127.0.0.1: end what listens there.")
