"""Failures of Azure that pass: which they are, and how long to wait before an update is repeated.

azure-native repeats most requests by itself. What is left are conflicts of writes to one entity, which API
Management refuses with PessimisticConcurrencyConflict, and failures that outlast the provider's own tries.
"""

import random
import re
from collections.abc import Iterator

MOST_ATTEMPTS = 5
"""How often an update is begun before it has failed."""
_FIRST_SECONDS = 4.0
_LONGEST_SECONDS = 60.0

_PASSING = re.compile(
    r"PessimisticConcurrencyConflict|ConcurrencyConflict|ServiceLocked|AnotherOperationInProgress|OperationNotAllowed"
    r"WhileUpdating|TooManyRequests|InternalServerError|ServiceUnavailable|GatewayTimeout|BadGateway"
    r"|\bStatus(?:Code)?[=: ]+(?:408|429|500|502|503|504)\b|\bHTTP (?:408|429|500|502|503|504)\b"
    r"|connection reset by peer|connection refused|unexpected EOF|TLS handshake timeout|i/o timeout"
    r"|context deadline exceeded|ReadTimeout|ConnectTimeout|RemoteProtocolError|ConnectError"
    r"|ReadError|Server disconnected|timed out",
    re.IGNORECASE,
)
_RETRY_AFTER = re.compile(r"retry[- ]after\W{0,3}(?P<seconds>\d{1,4})", re.IGNORECASE)


def passes(words: str) -> bool:
    """Tell whether the engine's `words` name a failure that may be gone when the update is repeated.

    Repeating is safe: an update begins where the state says the last one ended.
    """
    return bool(_PASSING.search(words))


def delays(words: str, *, chance: random.Random | None = None) -> Iterator[float]:
    """Yield the seconds to wait before each further attempt: doubled each time, up to a minute, and scattered.

    Where Azure said how long to wait (`Retry-After`), it is never less than that.
    """
    chance = chance or random.SystemRandom()
    asked = max((float(found["seconds"]) for found in _RETRY_AFTER.finditer(words)), default=0.0)
    for attempt in range(MOST_ATTEMPTS - 1):
        longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2**attempt)
        yield max(asked, chance.uniform(longest / 2, longest))
