"""The login to Azure Storage of this process, where no key stands in its environment."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from azure.core.credentials import AccessToken
from azure.identity import DefaultAzureCredential

_SCOPE = "https://storage.azure.com/.default"
_MARGIN_SECONDS = 300


class Login:
    """A token that is fetched before the first request.

    The storage client takes a login that is missing for a request that failed, and repeats it for a quarter of a
    minute. The Azure CLI takes a second to hand out a token, so one serves every client of the process.
    """

    def __init__(self) -> None:
        """Fetch the token. Raises ClientAuthenticationError when nobody is logged in."""
        self._credential = DefaultAzureCredential()
        self._token = self._credential.get_token(_SCOPE)

    def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **options: Any,  # as azure.core.credentials.TokenCredential has it
    ) -> AccessToken:
        """Return the token, or another one where the service asks for it or this one is about to expire."""
        if claims or tenant_id or self._token.expires_on < datetime.now(UTC).timestamp() + _MARGIN_SECONDS:
            return self._credential.get_token(
                *scopes, claims=claims, tenant_id=tenant_id, enable_cae=enable_cae, **options
            )
        return self._token


@cache
def login() -> Login:
    """Return the login of this process. Raises ClientAuthenticationError when nobody is logged in."""
    return Login()
