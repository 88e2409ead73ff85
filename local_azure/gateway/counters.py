"""Call counters of the limits: a sliding window for rates, a fixed window for quotas.

They outlive a changed configuration and are lost when the process ends. One event loop uses them, so counting
needs no lock.
"""

import math
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

SWEEP = 1024
"""Calls after which rate windows that count nothing any more are forgotten: callers choose their keys."""

Clock = Callable[[], float]
"""Seconds that only grow."""


@dataclass(slots=True)
class _Sliding:
    """Moments of counted calls, oldest first, and the longest period that anybody asked about."""

    moments: list[float] = field(default_factory=list)
    longest: float = 0

    def forget(self, now: float) -> None:
        """Drop the moments that nobody asks about any more."""
        del self.moments[: bisect_right(self.moments, now - self.longest)]


@dataclass(slots=True)
class _Fixed:
    """What was used since `start`."""

    start: float
    calls: int = 0
    kilobytes: float = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What a limit found: how much is left, and the seconds to wait when nothing is."""

    remaining: int
    retry_after: int


class Counters:
    """All counters of one gateway."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Start with nothing counted."""
        self._clock = clock
        self._sliding: dict[str, _Sliding] = {}
        self._calls = 0
        self._fixed: dict[str, _Fixed] = {}

    def rate(self, key: str, calls: int, renewal_period: int) -> Usage:
        """Tell how many of `calls` are left in the `renewal_period` seconds that end now."""
        now = self._clock()
        self._sweep(now)
        window = self._sliding.setdefault(key, _Sliding())
        window.longest = max(window.longest, renewal_period)
        window.forget(now)
        recent = len(window.moments) - bisect_right(window.moments, now - renewal_period)
        if recent < calls:
            return Usage(calls - recent, 0)
        freed = window.moments[-calls] if calls else now
        return Usage(0, max(1, math.ceil(freed + renewal_period - now)))

    def _sweep(self, now: float) -> None:
        self._calls += 1
        if self._calls % SWEEP:
            return
        for window in self._sliding.values():
            window.forget(now)
        self._sliding = {key: window for key, window in self._sliding.items() if window.moments}

    def count_rate(self, key: str, renewal_period: int, increment: int = 1) -> None:
        """Count a call that `rate` let through."""
        window = self._sliding.setdefault(key, _Sliding())
        window.longest = max(window.longest, renewal_period)
        window.moments.extend([self._clock()] * increment)

    def quota(self, key: str, renewal_period: int) -> tuple[int, float, int]:
        """Return calls and kilobytes used in the current period, and the whole seconds until it ends.

        The first use starts a period; one of 0 seconds never ends, and then the seconds are 0.
        """
        now = self._clock()
        window = self._fixed.setdefault(key, _Fixed(now))
        if renewal_period:
            periods = math.floor((now - window.start) / renewal_period)
            if periods:
                self._fixed[key] = window = _Fixed(window.start + periods * renewal_period)
        left = math.ceil(window.start + renewal_period - now) if renewal_period else 0
        return window.calls, window.kilobytes, left

    def count_quota(self, key: str, calls: int = 0, kilobytes: float = 0) -> None:
        """Add to a quota's current period."""
        window = self._fixed.setdefault(key, _Fixed(self._clock()))
        window.calls += calls
        window.kilobytes += kilobytes
