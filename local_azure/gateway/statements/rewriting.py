"""`rewrite-uri`: https://learn.microsoft.com/azure/api-management/rewrite-uri-policy."""

import re
from dataclasses import replace
from urllib.parse import quote, urlencode

from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError
from local_azure.gateway.statements.step import Place, Run, text_of, truth_of
from local_azure.gateway.templates import PARAMETER, query_names
from shared.policies import RewriteUri


def rewrite_uri(statement: RewriteUri, place: Place) -> Run:
    """Compile one `rewrite-uri`: it replaces the path below the backend's base URL, and the query."""
    template, copy = text_of(statement.template, place), truth_of(statement.copy_unmatched_params, place)

    def run(context: Context) -> None:
        url = context.request.url
        path, _, query = _filled(template(context), context).partition("?")
        queries = [query] if query else []
        if copy(context):
            queries += _unmatched(context)
        context.request.url = replace(url, path=path, query_string="&".join(queries))

    return run


def _unmatched(context: Context) -> list[str]:
    """Return the query parameters of the request that the operation's URL template does not name."""
    matched = query_names(context.operation.url_template) if context.operation else frozenset()
    pairs = [(name, value) for name, value in context.request.url.query() if name.lower() not in matched]
    return [urlencode(pairs)] if pairs else []


def _filled(template: str, context: Context) -> str:
    parameters = context.request.matched_parameters

    def value(match: re.Match[str]) -> str:
        name = match.group("name")
        if name not in parameters:
            raise GatewayError(
                INTERNAL,
                "RewriteUriFailure",
                f"The template of rewrite-uri names '{{{name}}}', not a parameter of the operation",
            )
        return quote(parameters[name], safe="")

    return PARAMETER.sub(value, template)
