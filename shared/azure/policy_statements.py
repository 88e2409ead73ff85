"""What the policy reference says of each statement: where it may stand, where it runs, its limits.

Index of the pages: learn.microsoft.com/azure/api-management/api-management-policies. The page of a statement
is learn.microsoft.com/azure/api-management/<element>-policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.azure.skus import Gateway


class Section(StrEnum):
    """The sections of a policy document, in the order in which they run.

    Page: learn.microsoft.com/azure/api-management/api-management-howto-policies.
    """

    INBOUND = "inbound"
    BACKEND = "backend"
    OUTBOUND = "outbound"
    ON_ERROR = "on-error"


class Scope(StrEnum):
    """What a policy document is attached to, from broad to narrow.

    Page: learn.microsoft.com/azure/api-management/api-management-howto-policies (scopes).
    """

    GLOBAL = "global"
    PRODUCT = "product"
    API = "API"
    OPERATION = "operation"


class PolicyContentFormat(StrEnum):
    """How ARM takes the text of a policy document (`properties.format`); ARM's own default is `xml`.

    In `rawxml` the C# of an expression stands as it is, quotes and angle brackets included; in `xml` it is
    escaped. Page: learn.microsoft.com/rest/api/apimanagement/api-policy/create-or-update
    (PolicyContentFormat).
    """

    XML = "xml"
    RAWXML = "rawxml"


EVERYWHERE = frozenset(Section)
ANY_SCOPE = frozenset(Scope)
ANY_GATEWAY = frozenset(Gateway)


@dataclass(frozen=True)
class StatementFacts:
    """Where one statement may stand, as the Usage part of its reference page says."""

    page: str
    """The reference page."""

    sections: frozenset[Section] = EVERYWHERE
    """The sections that may hold the statement."""

    scopes: frozenset[Scope] = ANY_SCOPE
    """The scopes at which a document may hold it."""

    gateways: frozenset[Gateway] = ANY_GATEWAY
    """The gateways that run it."""

    once_per_document: bool = False
    """Whether a document may hold it only once."""


_ARTICLES = "learn.microsoft.com/azure/api-management"
_INBOUND = frozenset({Section.INBOUND})

POLICY_STATEMENTS: Mapping[str, StatementFacts] = {
    "base": StatementFacts(f"{_ARTICLES}/api-management-howto-policies"),
    "include-fragment": StatementFacts(f"{_ARTICLES}/include-fragment-policy"),
    "rate-limit": StatementFacts(
        f"{_ARTICLES}/rate-limit-policy",
        sections=_INBOUND,
        scopes=frozenset({Scope.PRODUCT, Scope.API, Scope.OPERATION}),
        once_per_document=True,
    ),
    "rate-limit-by-key": StatementFacts(
        f"{_ARTICLES}/rate-limit-by-key-policy",
        sections=_INBOUND,
        gateways=frozenset({Gateway.CLASSIC, Gateway.V2}),
    ),
    "quota": StatementFacts(
        f"{_ARTICLES}/quota-policy",
        sections=_INBOUND,
        scopes=frozenset({Scope.PRODUCT}),
        once_per_document=True,
    ),
    "validate-azure-ad-token": StatementFacts(
        f"{_ARTICLES}/validate-azure-ad-token-policy", sections=_INBOUND
    ),
    "validate-content": StatementFacts(
        f"{_ARTICLES}/validate-content-policy",
        sections=frozenset({Section.INBOUND, Section.OUTBOUND, Section.ON_ERROR}),
    ),
    "return-response": StatementFacts(f"{_ARTICLES}/return-response-policy"),
    "set-header": StatementFacts(f"{_ARTICLES}/set-header-policy"),
    "set-variable": StatementFacts(f"{_ARTICLES}/set-variable-policy"),
    "rewrite-uri": StatementFacts(f"{_ARTICLES}/rewrite-uri-policy", sections=_INBOUND),
    "set-backend-service": StatementFacts(
        f"{_ARTICLES}/set-backend-service-policy",
        sections=frozenset({Section.INBOUND, Section.BACKEND}),
    ),
    "forward-request": StatementFacts(
        f"{_ARTICLES}/forward-request-policy",
        sections=frozenset({Section.BACKEND}),
    ),
}
"""The facts of every statement this project knows, by element name."""

RATE_LIMIT_MAX_RENEWAL_PERIOD = 300
"""The longest `renewal-period` of rate-limit and rate-limit-by-key, in seconds."""

QUOTA_MIN_RENEWAL_PERIOD = 300
"""The shortest `renewal-period` of quota, in seconds; 0 means that the quota never renews."""

VALIDATE_CONTENT_MAX_SIZE = 102_400
"""The largest `max-size` of validate-content, in bytes, unless support raised it."""

UNCHANGEABLE_HEADERS = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
"""Headers that set-header can neither change nor delete, in lower case."""

UNDELETABLE_HEADERS = frozenset({"server"})
"""Headers that set-header cannot delete, in lower case."""

BACKEND_MAX_CHILDREN = 1
"""How many statements `<backend>` may hold: it runs one, so `<base />` cannot stand beside another."""

POLICY_FRAGMENT_BYTES = 32 * 1024
"""The largest policy fragment, in bytes. Page: learn.microsoft.com/azure/api-management/policy-fragments."""
