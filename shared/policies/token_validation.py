"""Checks of access tokens.

Index: learn.microsoft.com/azure/api-management/api-management-policies (Authentication and authorization).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from shared.policies.expressions import Expression
from shared.policies.schema import Texts
from shared.policies.statement import Element, Statement


@dataclass(frozen=True)
class ClientApplicationIds(Element):
    """`<client-application-ids>`: the applications that may call; no policy expression can name one."""

    element: ClassVar[str] = "client-application-ids"

    ids: Annotated[tuple[str | Expression, ...], Texts("application-id")] = ()
    """The client ids of their registrations; a token is good for any of them."""

    def problems(self) -> Iterator[str]:
        """Check what the reference asks for."""
        if not self.ids:
            yield "names no application: add an <application-id>, or leave it out"
        for name in self.ids:
            if isinstance(name, Expression):  # which the XML of others may hold
                yield f"holds the expression {name}, which it does not take: write the application's client id"


@dataclass(frozen=True)
class Audiences(Element):
    """`<audiences>`: whom a token may be meant for."""

    element: ClassVar[str] = "audiences"

    values: Annotated[tuple[str | Expression, ...], Texts("audience")] = ()
    """The application id URIs or client ids of the API; a token is good for any of them."""

    def problems(self) -> Iterator[str]:
        """Check what the reference asks for."""
        if not self.values:
            yield "names no audience: add an <audience>, or leave it out"


@dataclass(frozen=True)
class Claim(Element):
    """`<claim>`: values that a claim of the token must have."""

    element: ClassVar[str] = "claim"

    name: str
    """The claim."""

    values: Annotated[tuple[str | Expression, ...], Texts("value")] = ()
    """The values that it must have; without any it must be there."""

    match: Literal["all", "any"] = "all"
    """Whether every value has to be there, or one."""

    separator: str | None = None
    """What stands between the values of a claim that holds several in one text."""


@dataclass(frozen=True)
class RequiredClaims(Element):
    """`<required-claims>`: what else the token must say."""

    element: ClassVar[str] = "required-claims"

    claims: tuple[Claim, ...] = ()
    """Every one has to be as it says."""


@dataclass(frozen=True)
class ValidateAzureAdToken(Statement):
    """`<validate-azure-ad-token>`: let in who shows an access token of Microsoft Entra, else answer 401.

    Page: learn.microsoft.com/azure/api-management/validate-azure-ad-token-policy.
    """

    element: ClassVar[str] = "validate-azure-ad-token"
    refused: ClassVar[Mapping[str, str]] = {
        "authentication-endpoint": "leave it out: tokens are those of the public cloud's Microsoft Entra",
        "backend-application-ids": "name them as <audience>",
    }

    tenant_id: str | Expression
    """The tenant that issues the tokens: its GUID, its domain, its URL, or `organizations` or `common`."""

    header_name: str | None = None
    """The request header that holds the token, after the word Bearer; `Authorization` when no place is named."""

    query_parameter_name: str | None = None
    """The query parameter that holds the token."""

    token_value: str | Expression | None = None
    """The token itself, without the word Bearer."""

    failed_validation_httpcode: int | Expression = 401
    """The status of the answer to a request whose token is missing or not valid."""

    failed_validation_error_message: str | Expression | None = None
    """The message of that answer; None for the service's own."""

    output_token_variable_name: str | None = None
    """The context variable that keeps the token, once it is found valid, as an object of the type `Jwt`."""

    client_application_ids: ClientApplicationIds | None = None
    """Which applications may call."""

    audiences: Audiences | None = None
    """Whom the token may be meant for."""

    required_claims: RequiredClaims | None = None
    """What else it must say."""

    def problems(self) -> Iterator[str]:
        """Check that one place is named, and somebody let in."""
        places = (self.header_name, self.query_parameter_name, self.token_value)
        if sum(place is not None for place in places) > 1:
            yield "takes the token from several places: keep one of header-name, query-parameter-name, token-value"
        if self.client_application_ids is None:
            yield "names no client application: add <client-application-ids> with those that may call"
