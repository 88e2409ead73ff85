"""Access tokens for calls of APIs that ask for one."""

import asyncio
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, Field, ValidationError

from delivery import web
from delivery.errors import DeliveryError
from delivery.management import Management, login_token
from shared.model.access import Access

_ANY_SECRET = "any"  # noqa: S105 - the local Azure asks for one, and looks at none


class _Granted(BaseModel):
    """What a token endpoint answers."""

    access_token: str = Field(min_length=1)


@dataclass(frozen=True)
class WantedToken:
    """A token that opens an API."""

    tenant_id: str
    audience: str
    application: str
    """The client id of an application that may call."""

    @property
    def scope(self) -> str:
        """Return what a token is asked for by."""
        return f"{self.audience}/.default"


@dataclass(frozen=True)
class AccessToken:
    """A token, and how a person gets another one."""

    value: str = field(repr=False)
    command: str
    """A shell command that prints one."""


def wanted_token(access: Access, tenant_id: str) -> WantedToken | None:
    """Return the token that an API asks for; None where it asks for none."""
    if access.entra is None:
        return None
    return WantedToken(tenant_id, access.entra.audiences[0], access.entra.client_applications[0])


async def access_token(
    wanted: WantedToken,
    management: Management,
    client: httpx.AsyncClient,
    pauses: Sequence[float] = web.PAUSES,
) -> AccessToken:
    """Return a token of Microsoft Entra, or of what stands in for it where a machine stands in for Azure.

    In Azure it is that of this machine's login, whose client id the API has to know. Raises DeliveryError with a phrase
    that says why there is none.
    """
    if not web.is_loopback(management.url):
        value = await asyncio.to_thread(login_token, wanted.scope)
        scope = shlex.quote(wanted.scope)
        return AccessToken(
            value, f"az account get-access-token --scope {scope} --query accessToken --output tsv"
        )
    url = f"{management.url}/{wanted.tenant_id}/oauth2/v2.0/token"
    form = {
        "grant_type": "client_credentials",
        "client_id": wanted.application,
        "client_secret": _ANY_SECRET,
        "scope": wanted.scope,
    }
    try:
        answered = await web.persist(partial(client.post, url, data=form), pauses)
        value = _Granted.model_validate_json(answered.response.content).access_token
    except web.NoAnswerError as error:
        raise DeliveryError(f"{url} does not answer ({error})") from error
    except ValidationError:
        # Not chained: the error quotes what it could not read, which may be a token.
        raise DeliveryError(f"{url} answered without an access token") from None
    body = shlex.quote(urlencode(form, safe=":/"))
    found = r"""sed 's/.*"access_token":"\([^"]*\)".*/\1/'"""
    return AccessToken(value, f"curl -s {shlex.quote(url)} -d {body} | {found}")
