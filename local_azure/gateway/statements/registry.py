"""The executor of each statement. A statement that is not here is refused when its policy is deployed."""

from collections.abc import Callable, Mapping
from typing import Any

from local_azure.gateway.statements.answering import return_response
from local_azure.gateway.statements.backends import set_backend_service
from local_azure.gateway.statements.content import validate_content
from local_azure.gateway.statements.forwarding import forward_request
from local_azure.gateway.statements.headers import set_header
from local_azure.gateway.statements.limits import quota, rate_limit, rate_limit_by_key
from local_azure.gateway.statements.rewriting import rewrite_uri
from local_azure.gateway.statements.step import Place, Run, Step
from local_azure.gateway.statements.tokens import validate_azure_ad_token
from local_azure.gateway.statements.variables import set_variable
from shared.azure.policy_statements import Scope, Section
from shared.policies import (
    ForwardRequest,
    Quota,
    RateLimit,
    RateLimitByKey,
    ReturnResponse,
    RewriteUri,
    SetBackendService,
    SetHeader,
    SetVariable,
    Statement,
    ValidateAzureAdToken,
    ValidateContent,
)

EXECUTORS: Mapping[type[Statement], Callable[[Any, Place], Run]] = {
    ForwardRequest: forward_request,
    Quota: quota,
    RateLimit: rate_limit,
    RateLimitByKey: rate_limit_by_key,
    ReturnResponse: return_response,
    RewriteUri: rewrite_uri,
    SetBackendService: set_backend_service,
    SetHeader: set_header,
    SetVariable: set_variable,
    ValidateAzureAdToken: validate_azure_ad_token,
    ValidateContent: validate_content,
}
"""By statement; each takes a statement of its key's type."""


def build(statement: Statement, scope: Scope, section: Section) -> Step:
    """Compile one statement; raise `PolicyError` when the local gateway cannot execute it."""
    place = Place(statement, scope, section)
    executor = EXECUTORS.get(type(statement))
    if executor is None:
        known = ", ".join(sorted(known.element for known in EXECUTORS))
        raise place.error(f"the local gateway cannot execute it; it executes {known}")
    return Step(statement.element, scope, section, executor(statement, place))
