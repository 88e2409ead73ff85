"""API Management policy documents as typed values: build, render, parse and check them.

    document = PolicyDocument(inbound=(Base(), RateLimit(calls=60, renewal_period=60)), backend=(Base(),))
    check(document, Scope.PRODUCT, Sku.STANDARD_V2)
    parse(render(document)) == document

Each family of statements has its file, as the policy reference groups them
(learn.microsoft.com/azure/api-management/api-management-policies).
"""

from shared.azure.policy_statements import PolicyContentFormat, Scope, Section
from shared.policies.base import Base
from shared.policies.checks import check
from shared.policies.content_validation import ContentType, ValidateContent, ValidationAction
from shared.policies.control_flow import IncludeFragment, ReturnResponse, SetBody, SetStatus
from shared.policies.document import PolicyDocument
from shared.policies.errors import PolicyError
from shared.policies.expressions import Expression
from shared.policies.named_values import named_values, substitute
from shared.policies.parsing import parse, parse_fragment
from shared.policies.rate_limiting import Quota, RateLimit, RateLimitByKey
from shared.policies.references import included_fragments, references
from shared.policies.registry import STATEMENTS
from shared.policies.rendering import render
from shared.policies.routing import ForwardRequest, SetBackendService
from shared.policies.statement import Element, Statement
from shared.policies.token_validation import (
    Audiences,
    Claim,
    ClientApplicationIds,
    RequiredClaims,
    ValidateAzureAdToken,
)
from shared.policies.transformation import ExistsAction, RewriteUri, SetHeader, SetVariable

__all__ = [
    "STATEMENTS",
    "Audiences",
    "Base",
    "Claim",
    "ClientApplicationIds",
    "ContentType",
    "Element",
    "ExistsAction",
    "Expression",
    "ForwardRequest",
    "IncludeFragment",
    "PolicyContentFormat",
    "PolicyDocument",
    "PolicyError",
    "Quota",
    "RateLimit",
    "RateLimitByKey",
    "RequiredClaims",
    "ReturnResponse",
    "RewriteUri",
    "Scope",
    "Section",
    "SetBackendService",
    "SetBody",
    "SetHeader",
    "SetStatus",
    "SetVariable",
    "Statement",
    "ValidateAzureAdToken",
    "ValidateContent",
    "ValidationAction",
    "check",
    "included_fragments",
    "named_values",
    "parse",
    "parse_fragment",
    "references",
    "render",
    "substitute",
]
