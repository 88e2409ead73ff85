"""From what there is to call to a call, with the key and the token that it shows."""

from collections.abc import Sequence

import httpx

from delivery import web
from delivery.management import Management
from delivery.smoke.call import Call
from delivery.smoke.targets import Target
from delivery.smoke.tokens import access_token


async def call_of(
    target: Target, management: Management, client: httpx.AsyncClient, pauses: Sequence[float] = web.PAUSES
) -> Call:
    """Return the call of a target. Raises DeliveryError with a phrase that says why there is no key or no token."""
    key = token = None
    if target.deployed.subscription is not None:
        key = await management.subscription_key(client, target.deployed.subscription, pauses)
    if target.token is not None:
        token = await access_token(target.token, management, client, pauses)
    return Call(target.deployed, target.contract, target.example, key, target.announced, token)
