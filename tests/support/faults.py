"""Faults of a local Azure on request: which requests go wrong, and waiting for the moment in which one does."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
from pydantic import JsonValue, TypeAdapter

if TYPE_CHECKING:
    from subprocess import Popen

Rule = Mapping[str, JsonValue]
"""See docs/operating.md, "Faults and latency on request"."""

_RULES: TypeAdapter[dict[str, list[dict[str, JsonValue]]]] = TypeAdapter(
    dict[str, list[dict[str, JsonValue]]]
)
_PATIENCE_SECONDS = 60.0


@contextmanager
def faulty(arm_url: str, *rules: Rule) -> Iterator[None]:
    """Let requests go wrong by these rules during the body."""
    _send("PUT", arm_url, rules)
    try:
        yield
    finally:
        _send("DELETE", arm_url)


def hits(arm_url: str) -> list[int]:
    """Return how many requests each rule has hit."""
    answer = httpx.get(f"{arm_url}/faults", trust_env=False)
    return [int(str(rule["hits"])) for rule in _RULES.validate_json(answer.content)["rules"]]


def await_hit(arm_url: str, running: "Popen[str]") -> None:
    """Wait until a rule has hit; fail when the process that should cause it ends before."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not any(hits(arm_url)):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline, "no rule has hit"
        time.sleep(0.02)


def _send(method: str, arm_url: str, rules: Sequence[Rule] = ()) -> None:
    body = {"rules": [dict(rule) for rule in rules]} if rules else None
    httpx.request(method, f"{arm_url}/faults", json=body, trust_env=False).raise_for_status()
