"""A version of a model as its consumers meet it, from what its team wrote."""

import json
from collections.abc import Mapping

from shared.azure.policy_statements import VALIDATE_CONTENT_MAX_SIZE
from shared.azure.subscription_keys import KEY_HEADER
from shared.contracts.contract import Contract, Header
from shared.contracts.document import Ending, Publication, Token, VersionMark, openapi_document
from shared.model.access import Access
from shared.model.announcement import Announcement, announcement
from shared.model.description import LargerBodies, ModelDescription
from shared.model.gateway_responses import GATEWAY_ERROR
from shared.platform.headers import CORRELATION_HEADER

CORRELATION = Header(
    CORRELATION_HEADER, "The id of the call: the consumer's own, or one that the gateway gave it."
)
"""The header that each answer carries."""


def openapi_documents(
    model: str,
    description: ModelDescription,
    contracts: Mapping[str, Contract],
    gateway_url: str,
    tenant_id: str,
) -> dict[str, str]:
    """Return the OpenAPI document of each version, as the text of JSON on one line."""
    return {
        version: json.dumps(
            openapi_document(contract, publication(model, version, description, gateway_url, tenant_id))
        )
        for version, contract in contracts.items()
    }


def publication(
    model: str, version: str, description: ModelDescription, gateway_url: str, tenant_id: str
) -> Publication:
    """Return what consumers have to know of a version beside its contract.

    ``gateway_url`` is where the gateway of the environment answers, ``tenant_id`` the tenant that issues its tokens.
    """
    access = description.access
    larger = description.versions[version].larger_bodies
    return Publication(
        model=model,
        version=version,
        summary=description.summary,
        owner=description.owner,
        gateway_url=gateway_url.rstrip("/"),
        mark=VersionMark(description.versioning.place, description.versioning.name or ""),
        products=access.products,
        key_header=KEY_HEADER if access.key else None,
        token=_token(access, tenant_id),
        calls=description.limits.calls,
        renewal_period=description.limits.renewal_period,
        largest_checked=VALIDATE_CONTENT_MAX_SIZE,
        larger_pass=larger is LargerBodies.PASS_UNVALIDATED,
        ending=_ending(announcement(model, description, version)),
        headers=(CORRELATION,),
        gateway_error=GATEWAY_ERROR,
    )


def _token(access: Access, tenant_id: str) -> Token | None:
    return None if access.entra is None else Token(access.entra.audiences, tenant_id)


def _ending(announced: Announcement | None) -> Ending | None:
    if announced is None:
        return None
    return Ending(
        retired=announced.is_retired,
        since=announced.lifecycle.since,
        sunset=announced.lifecycle.sunset,
        successor=announced.successor,
    )
