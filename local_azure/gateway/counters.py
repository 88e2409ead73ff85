"""Call counters of the limits: a sliding window for rates, a fixed window for quotas.

They outlive a changed configuration and are lost when the process ends. One event loop uses them, so counting
needs no lock.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]
"""Seconds that only grow."""


@dataclass(slots=True)
class _Sliding:
    """Moments of counted calls, oldest first, and the longest period that anybody asked about."""

    moments: deque[float] = field(default_factory=deque)
    longest: float = 0


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
        self._fixed: dict[str, _Fixed] = {}

    def rate(self, key: str, calls: int, renewal_period: int) -> Usage:
        """Tell how many of `calls` are left in the `renewal_period` seconds that end now."""
        window = self._sliding.setdefault(key, _Sliding())
        window.longest = max(window.longest, renewal_period)
        now = self._clock()
        while window.moments and window.moments[0] <= now - window.longest:
            window.moments.popleft()
        recent = [moment for moment in window.moments if moment > now - renewal_period]
        remaining = calls - len(recent)
        if remaining > 0:
            return Usage(remaining, 0)
        freed = recent[-calls] if calls else now
        return Usage(0, max(1, math.ceil(freed + renewal_period - now)))

    def count_rate(self, key: str, increment: int = 1) -> None:
        """Count a call that `rate` let through."""
        self._sliding.setdefault(key, _Sliding()).moments.extend([self._clock()] * increment)

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
