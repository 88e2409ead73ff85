"""Azure Resource Manager, where a key is fetched when somebody uses it: no state and no record holds one."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from pydantic import BaseModel, Field, ValidationError

from delivery import web
from delivery.errors import DeliveryError

VARIABLE = "MODEL_GATEWAY_MANAGEMENT_URL"
"""Names another Azure Resource Manager than Azure's own."""

_AZURE = "https://management.azure.com"
_API_VERSION = "2024-05-01"
# What stands in for Azure wants a token as well, whatever it says.
_NO_TOKEN = "none"  # noqa: S105 - says that it is none
_REFUSED = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN})


class _Keys(BaseModel):
    """What `listSecrets` answers."""

    primaryKey: str = Field(min_length=1)  # noqa: N815 - the name in the answer


@dataclass(frozen=True)
class Management:
    """Azure Resource Manager at `url`."""

    url: str
    token: str = field(default=_NO_TOKEN, repr=False)
    """An access token; one lives longer than a run of smoke tests takes."""

    async def subscription_key(
        self, client: httpx.AsyncClient, subscription: str, pauses: Sequence[float] = web.PAUSES
    ) -> str:
        """Return the primary key of an API Management subscription, given its ARM id.

        Raises DeliveryError with a phrase that says why there is none.

        Source: https://learn.microsoft.com/rest/api/apimanagement/subscription/list-secrets
        """
        if not subscription.startswith(
            "/"
        ):  # else it would become a part of the host that the token is sent to
            raise DeliveryError(f"the stack exports {subscription!r}, which is no resource id")

        async def request() -> httpx.Response:
            return await client.post(
                f"{self.url}{subscription}/listSecrets",
                params={"api-version": _API_VERSION},
                headers={"Authorization": f"Bearer {self.token}"},
            )

        try:
            answered = await web.persist(request, pauses)
        except web.NoAnswerError as error:
            raise DeliveryError(f"{self.url} does not answer ({error})") from error
        if not answered.response.is_success:
            raise DeliveryError(_refusal(subscription, answered.response))
        return _key(answered.response)


def management(variables: Mapping[str, str]) -> Management:
    """Return the Azure Resource Manager that an environment's variables name, Azure's own by default, with a token.

    Raises DeliveryError when nothing may be sent there, or when nobody is logged in.
    """
    url = (variables.get(VARIABLE) or _AZURE).rstrip("/")
    if web.is_private(url):
        return Management(url) if web.is_loopback(url) else Management(url, login_token(f"{url}/.default"))
    raise DeliveryError(
        f"{VARIABLE} is {url!r}: an access token is sent there, so it must begin with https://, or with http:// for a "
        f"stand-in on this machine. The default is {_AZURE}."
    )


def _key(response: httpx.Response) -> str:
    try:
        return _Keys.model_validate_json(response.content).primaryKey
    except ValidationError:
        # Not chained: the error quotes what it could not read, which may be a key.
        raise DeliveryError("listSecrets answered without a primaryKey") from None


def _refusal(subscription: str, response: httpx.Response) -> str:
    name = subscription.rpartition("/")[2]
    if response.status_code in _REFUSED:
        return (
            f"this login may not list the keys of the subscription {name} ({response.status_code}): give it a role "
            "with Microsoft.ApiManagement/service/subscriptions/listSecrets/action, such as API Management Service "
            "Contributor"
        )
    if response.status_code == httpx.codes.NOT_FOUND:
        return f"its subscription {name} is not in API Management any more: `./dev drift` tells what is gone"
    return f"listing the keys of the subscription {name} gave {response.status_code}"


def login_token(scope: str) -> str:
    """Return an access token of whichever login this machine has, for what the scope names.

    Raises DeliveryError when nobody is logged in. Source: https://learn.microsoft.com/python/api/azure-identity/azure.identity.defaultazurecredential
    """
    # Loading it takes a third of a second, which environments without a login need not wait.
    from azure.core.exceptions import ClientAuthenticationError  # noqa: PLC0415 - see above
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - see above

    # It tells its failures in the log too, which without a handler goes to standard error.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    try:
        with DefaultAzureCredential() as credential:
            return credential.get_token(scope).token
    except ClientAuthenticationError as error:
        raise DeliveryError(
            f"There is no login for {scope.removesuffix('/.default')}: run `az login`, or in a workflow azure/login "
            f"before this step. "
            f"{str(error).splitlines()[0]}"
        ) from error
