"""The token endpoint of the client credentials grant: any application gets a token, whatever its secret.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_azure.entra.issuing import LIFETIME_SECONDS, Issuer

PATH = "/{tenant}/oauth2/v2.0/token"

_SCOPE_SUFFIX = "/.default"
_NEVER_KEPT = {"Cache-Control": "no-store"}


def token_route(issuer: Issuer) -> Route:
    """Return the route that answers with tokens; the server is on the loopback address alone."""

    async def token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        fault = _fault(form)
        if fault is not None:
            code, description = fault
            return JSONResponse({"error": code, "error_description": description}, 400)
        audience = form["scope"].removesuffix(_SCOPE_SUFFIX)
        answer = {
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS - 1,
            "access_token": issuer.token(request.path_params["tenant"], form["client_id"], audience),
        }
        return JSONResponse(answer, headers=_NEVER_KEPT)

    return Route(PATH, token, methods=["POST"])


def _fault(form: dict[str, str]) -> tuple[str, str] | None:
    """Return the error of OAuth 2.0 (RFC 6749, section 5.2) and a sentence; None for a request in order."""
    if form.get("grant_type") != "client_credentials":
        return (
            "unsupported_grant_type",
            "The local Azure grants client_credentials alone: send it as grant_type.",
        )
    if not form.get("client_id"):
        return "invalid_request", "Send client_id, the client id of the application that calls."
    if not form.get("scope", "").endswith(_SCOPE_SUFFIX) or form["scope"] == _SCOPE_SUFFIX:
        return "invalid_scope", "Send scope, the audience of the API with /.default at its end."
    return None
