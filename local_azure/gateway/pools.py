"""Backend pools: each call goes to one of several backends.

https://learn.microsoft.com/azure/api-management/backends#load-balanced-pool
"""

from collections.abc import Callable
from random import Random

from local_azure.gateway.breakers import Breaker, circuit_open
from local_azure.gateway.configuration import Backend, BackendPool


def choose(pool: BackendPool, breaker_of: Callable[[Backend], Breaker], chance: Random) -> Backend:
    """Return the backend that gets a call; raises `GatewayError` 503 when every circuit is open.

    The backends of the lowest `priority` number get all calls as long as the circuit of one of them is closed. They
    share them by `weight`: at random, so about as the weights say and in no order that a caller could rely on, for
    the instances of a gateway do not tell each other whom they called. The page leaves open what a weight of 0 is.
    Here it is no share beside other weights; where only such backends are left, they share evenly, because a
    priority is left for open circuits alone.
    """
    available = [member for member in pool.members if not breaker_of(member.backend).is_open]
    if not available:
        raise circuit_open(f"The circuit breakers of all backends of the pool '{pool.name}' are open.")
    first = min(member.priority for member in available)
    group = [member for member in available if member.priority == first]
    weights = [member.weight for member in group]
    (chosen,) = chance.choices(group, weights if any(weights) else None)
    return chosen.backend
