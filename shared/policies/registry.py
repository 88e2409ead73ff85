"""The statements that this project knows. A new statement is a dataclass, its facts, and one line here."""

from collections.abc import Mapping

from shared.policies.base import Base
from shared.policies.content_validation import ValidateContent
from shared.policies.control_flow import IncludeFragment, ReturnResponse
from shared.policies.rate_limiting import Quota, RateLimit, RateLimitByKey
from shared.policies.routing import ForwardRequest, SetBackendService
from shared.policies.statement import Statement
from shared.policies.token_validation import ValidateAzureAdToken
from shared.policies.transformation import RewriteUri, SetHeader, SetVariable

_TYPES: tuple[type[Statement], ...] = (
    Base,
    IncludeFragment,
    ReturnResponse,
    RateLimit,
    RateLimitByKey,
    Quota,
    ValidateAzureAdToken,
    ValidateContent,
    SetHeader,
    SetVariable,
    RewriteUri,
    SetBackendService,
    ForwardRequest,
)

STATEMENTS: Mapping[str, type[Statement]] = {statement.element: statement for statement in _TYPES}
"""The type of each statement, by element name."""
