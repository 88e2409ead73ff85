"""Ports for servers that tests start."""

import random
import socket


def free_ports() -> int:
    """Return a port that is free, as is the one after it; the system hands out none of these by itself."""
    for _ in range(100):
        port = random.randrange(10_000, 30_000, 2)  # noqa: S311 - no secret
        try:
            with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue
    raise AssertionError("no two consecutive free ports found")
