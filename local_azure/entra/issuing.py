"""Access tokens as Microsoft Entra issues them to applications.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
"""

import time
import uuid
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from local_azure.entra.signing import key_id
from local_azure.gateway.access_tokens import TokenKeys, issuers

LIFETIME_SECONDS = 3_600


@dataclass(frozen=True)
class Issuer:
    """Who signs the tokens of one local Azure, for any tenant and any application."""

    key: RSAPrivateKey

    @property
    def keys(self) -> TokenKeys:
        """Return what its tokens are checked with."""
        return {key_id(self.key): self.key.public_key()}

    def token(self, tenant: str, application: str, audience: str) -> str:
        """Return an access token that names who calls and whom.

        It is of version 2.0 for an API that is named by its client id, as those tokens name it, and of version 1.0 for
        one that is named by its URI.
        """
        now = int(time.time())  # noqa: TID251 - a moment that others compare with their clocks
        first, second = issuers(tenant)
        version, issuer, says = ("2.0", second, "azp") if _is_guid(audience) else ("1.0", first, "appid")
        claims = {
            "aud": audience,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME_SECONDS,
            says: application,
            "tid": tenant,
            "ver": version,
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": key_id(self.key)})


def _is_guid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
