"""Failures of Azure that pass: which they are, and how long to wait before an update is repeated.

azure-native repeats requests by itself: three times, after a connection that broke and the statuses 408, 429, 500 and
502 to 504, waiting as long as `Retry-After` says (azcore's policy_retry.go), and once after a conflict
(provider/pkg/azure/client_azcore.go). What is left are conflicts that last, as those of API Management, which writes to
one API at a time and refuses others with 409 PessimisticConcurrencyConflict, and failures that outlast those tries.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_ATTEMPTS = 5
"""How often an update is begun before it has failed."""
LONGEST_SECONDS = 600.0
"""How long an update waits between its attempts, in all."""
_FIRST_SECONDS = 4.0
_LONGEST_PAUSE = 60.0

# azure-native tells a status as `Status=409 Code="..." Message="..."`, azcore as `RESPONSE 409: 409 Conflict`.
_STATUS = r"\bStatus(?:Code)?[=: ]+{0}\b|\bRESPONSE {0}\b|\bHTTP (?:status )?{0}\b"
_PASSING = re.compile(
    "|".join(
        (
            _STATUS.format("(?:408|409|429|500|502|503|504)"),
            # Codes that also come inside an operation that failed at its end, which has no status.
            r"PessimisticConcurrencyConflict|ConflictingConcurrentWriteNotAllowed|AnotherOperationInProgress|RetryableError",
            r"TooManyRequests|\bInternalServerError\b|ServiceUnavailable|GatewayTimeout|ServerTimeout|BadGateway",
            # A connection, as Go's net/http and gRPC tell it.
            r"connection reset by peer|connection refused|broken pipe|unexpected EOF|: EOF\b|TLS handshake timeout",
            r"i/o timeout|context deadline exceeded|code = Unavailable|timed out",
            r"Remote end closed connection",  # the same of the local Azure's plugin, as Python tells it
        )
    ),
    re.IGNORECASE,
)
# Conflicts that nothing but a person ends: a name that is taken or reserved, a quota.
_LASTING = re.compile(
    r"already[ -](?:exists?|in[ -]use|taken)|soft[ -]?delete|deleted (?:but recoverable )?state|\bquota\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:retry|try again)[- ]after\W{0,4}(?P<number>\d{1,4})\W{0,3}(?P<minutes>min)?", re.IGNORECASE
)


def passes(messages: Iterable[str]) -> bool:
    """Tell whether each of these failures may be gone when the update is repeated; False for none.

    Repeating is safe: an update begins where the state says the last one ended.
    """
    return all([_passes(message) for message in messages] or [False])


def _passes(message: str) -> bool:
    return bool(_PASSING.search(message)) and not _LASTING.search(message)


def asked(messages: Iterable[str]) -> float:
    """Return the seconds that Azure asks to wait, in the words of a failure; 0 where it does not."""
    found = (match for message in messages for match in _ASKED.finditer(message))
    return max((float(each["number"]) * (60 if each["minutes"] else 1) for each in found), default=0.0)


@dataclass
class Patience:
    """How often and how long an update is tried again: each pause twice as long, up to a minute, and scattered.

    Stacks that Azure has refused at the same moment would otherwise come back at the same moment.
    """

    chance: random.Random = field(default_factory=random.SystemRandom)
    attempts: int = 1
    """Begun so far."""
    waited: float = 0.0

    def pause(self, messages: Iterable[str]) -> float | None:
        """Return the seconds to wait before the next attempt, at least those that Azure asks for; None for no more."""
        longest = min(_LONGEST_PAUSE, _FIRST_SECONDS * 2 ** (self.attempts - 1))
        seconds = max(asked(messages), self.chance.uniform(longest / 2, longest))
        if self.attempts >= MOST_ATTEMPTS or self.waited + seconds > LONGEST_SECONDS:
            return None
        self.attempts += 1
        self.waited += seconds
        return seconds
