"""Access tokens of Microsoft Entra: which are valid, and what they say.

https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

TokenKeys = Mapping[str, RSAPublicKey]
"""The keys that tokens may be signed with, by key id."""

LOGIN = "https://login.microsoftonline.com"
"""Where the public cloud's Microsoft Entra answers."""

_ALGORITHM = "RS256"  # the only one: a token must not choose how it is checked
_REASONS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.InvalidSignatureError, "TokenSignatureInvalid"),
    (jwt.ExpiredSignatureError, "TokenExpired"),
    (jwt.InvalidAudienceError, "TokenAudienceNotAllowed"),
    (jwt.InvalidIssuerError, "TokenIssuerNotAllowed"),
    (jwt.MissingRequiredClaimError, "TokenClaimNotFound"),
)
"""The reasons of learn.microsoft.com/azure/api-management/api-management-error-handling-policies, else `JwtInvalid`."""


@dataclass(frozen=True, slots=True)
class Jwt:
    """A valid token, as policy expressions see it."""

    claims: Mapping[str, tuple[str, ...]]

    @property
    def application(self) -> str:
        """Return the client id of the application that calls: `azp` of tokens v2.0, `appid` of v1.0."""
        return next((self.claims[name][0] for name in ("azp", "appid") if self.claims.get(name)), "")


class TokenError(Exception):
    """A token that is not valid; the message holds nothing of it."""

    def __init__(self, reason: str, message: str) -> None:
        """Keep the machine-friendly reason of `context.LastError`."""
        super().__init__(message)
        self.reason = reason


def issuers(tenant: str) -> tuple[str, ...]:
    """Return who signs the tokens v1.0 and v2.0 of a tenant.

    https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    """
    return (f"https://sts.windows.net/{tenant}/", f"{LOGIN}/{tenant}/v2.0")


def validated(token: str, keys: TokenKeys, tenant: str, audiences: Iterable[str]) -> Jwt:
    """Return what a token of the tenant for one of the audiences, or for any where there are none, says.

    Raises TokenError for a token that is not signed with one of the keys, not of this tenant, not meant for any of the
    audiences, expired, not valid yet, or no token at all.
    """
    wanted = tuple(audiences)
    try:
        key = keys.get(str(jwt.get_unverified_header(token).get("kid")))
        if key is None:
            raise TokenError("TokenSignatureKeyNotFound", "The key that signed the token is not known.")
        claims = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            issuer=issuers(tenant),
            audience=wanted or None,
            options={"require": ["exp", "iss", "aud"], "verify_aud": bool(wanted)},
        )
    except jwt.PyJWTError as error:
        reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), "JwtInvalid")
        raise TokenError(reason, f"{error}. Access denied.") from error
    return Jwt({name: _texts(value) for name, value in claims.items()})


def _texts(value: object) -> tuple[str, ...]:
    """Return the values of a claim as the texts that policies compare."""
    if isinstance(value, list):
        return tuple(text for item in value for text in _texts(item))
    return (str(value).lower(),) if isinstance(value, bool) else (str(value),)
