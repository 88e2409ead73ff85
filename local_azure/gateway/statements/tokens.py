"""`validate-azure-ad-token`: https://learn.microsoft.com/azure/api-management/validate-azure-ad-token-policy."""

import re
from collections.abc import Callable

from local_azure.gateway.access_tokens import LOGIN, Jwt, TokenError, validated
from local_azure.gateway.context import Context
from local_azure.gateway.errors import GatewayError
from local_azure.gateway.statements.step import Place, Run, number_of, text_of
from shared.policies import Claim, Expression, ValidateAzureAdToken

MISSING = "Azure AD JWT not present"
INVALID = "Invalid Azure AD JWT"
"""What the service answers. The page leaves the words open; Microsoft's pages on troubleshooting quote both."""

_BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

Text = Callable[[Context], str]


def validate_azure_ad_token(statement: ValidateAzureAdToken, place: Place) -> Run:
    """Compile one `validate-azure-ad-token`; the local tenant's key stands in for those of Microsoft Entra."""
    tenant = _tenant(statement.tenant_id, place)
    token_of = _token(statement, place)
    clients = statement.client_application_ids
    applications = frozenset(str(name).lower() for name in clients.ids) if clients else frozenset()
    audiences = [
        text_of(value, place) for value in (statement.audiences.values if statement.audiences else ())
    ]
    claims = [
        _claim(claim, place)
        for claim in (statement.required_claims.claims if statement.required_claims else ())
    ]
    status = number_of(statement.failed_validation_httpcode, place)
    said = statement.failed_validation_error_message
    message = None if said is None else text_of(said, place)
    variable = statement.output_token_variable_name

    def refusal(context: Context, error: TokenError, public: str) -> GatewayError:
        words = public if message is None else message(context)
        return GatewayError(status(context), error.reason, str(error), public=words)

    def run(context: Context) -> None:
        token = token_of(context)
        if not token:
            missing = TokenError("TokenNotFound", "JWT not found in the request. Access denied.")
            raise refusal(context, missing, MISSING)
        try:
            found = validated(
                token, context.token_keys, tenant, [audience(context) for audience in audiences]
            )
            _require_application(found, applications)
            for check in claims:
                check(context, found)
        except TokenError as error:
            raise refusal(context, error, INVALID) from None  # not chained: its cause may quote the token
        if variable is not None:
            context.variables[variable] = found

    return run


def _tenant(written: str | Expression, place: Place) -> str:
    """Return the GUID of a tenant: the local Azure has no domains, and no tenants of others."""
    named = str(written).removeprefix(f"{LOGIN}/").strip("/").lower()
    if isinstance(written, Expression) or not _GUID.fullmatch(named):
        raise place.error(
            f"the local gateway knows a tenant by its GUID, not by '{written}'; write tenant-id so"
        )
    return named


def _token(statement: ValidateAzureAdToken, place: Place) -> Text:
    """Return how to find the token: in a header, after the word Bearer, in the query, or by an expression."""
    if statement.token_value is not None:
        return text_of(statement.token_value, place)
    if (parameter := statement.query_parameter_name) is not None:
        return lambda context: context.request.url.query_value(parameter) or ""
    header = statement.header_name or "Authorization"

    def from_header(context: Context) -> str:
        found = _BEARER.fullmatch((context.request.headers.get(header) or "").strip())
        return found.group(1) if found else ""

    return from_header


def _require_application(token: Jwt, applications: frozenset[str]) -> None:
    if token.application.lower() not in applications:
        raise TokenError(
            "TokenClaimValueNotAllowed", "The application is not among those that may call. Access denied."
        )


def _claim(claim: Claim, place: Place) -> Callable[[Context, Jwt], None]:
    """Return the check of one required claim."""
    wanted = [text_of(value, place) for value in claim.values]

    def check(context: Context, token: Jwt) -> None:
        if claim.name not in token.claims:
            raise TokenError("TokenClaimNotFound", f"The token lacks the claim {claim.name}. Access denied.")
        said = token.claims[claim.name]
        values = {
            part for text in said for part in (text.split(claim.separator) if claim.separator else (text,))
        }
        found = [value(context) in values for value in wanted]
        if wanted and not (all(found) if claim.match == "all" else any(found)):
            raise TokenError(
                "TokenClaimValueNotAllowed", f"The claim {claim.name} has another value. Access denied."
            )

    return check
