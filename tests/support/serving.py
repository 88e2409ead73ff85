"""A local Azure of a test's own: how it is started, and waiting for it."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

_PATIENCE_SECONDS = 60
_PAUSE_SECONDS = 0.02


def serve_command(port: int | str, state: Path, *options: str) -> list[str]:
    """Return the command that serves Azure Resource Manager on `port` and the gateway on the next one."""
    return [
        *(sys.executable, "-m", "local_azure", "serve"),
        *("--port", str(port), "--state", str(state), *options),
    ]


def await_served(url: str, is_over: Callable[[], bool], log: Callable[[], str] = str) -> None:
    """Wait until Azure Resource Manager answers at `url`; fail with its log once its process is over."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _answers(url):
        assert not is_over(), f"the local Azure ended by itself {log()}"
        assert time.monotonic() < deadline, f"nothing is served at {url} {log()}"
        time.sleep(_PAUSE_SECONDS)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", trust_env=False).is_success
    except httpx.TransportError:
        return False
