"""Ids that Microsoft Entra and the providers would mint; here they follow from the resource's id alone."""

import uuid

_NAMESPACE = uuid.UUID("5b2a1f6e-3c0d-5e83-9f47-0d6a4be1c7a2")

TENANT_ID = str(uuid.uuid5(_NAMESPACE, "tenant"))
"""The only tenant there is."""


def minted_id(resource_id: str, purpose: str) -> str:
    """Return a UUID for one purpose (`principal`, `client`) that stays the same for a resource."""
    return str(uuid.uuid5(_NAMESPACE, f"{purpose}:{resource_id.lower()}"))
