"""Backends (learn.microsoft.com/rest/api/apimanagement/backend)."""

from local_azure.arm.errors import invalid_field
from local_azure.arm.json_values import find, text, with_defaults
from local_azure.arm.references import require_named_values, service_id
from local_azure.arm.resource_types import Prepared, ResourceType, Write
from local_azure.arm.types.apimanagement.names import BACKEND, VERSIONS

_PROTOCOLS = ("http", "soap")


def _prepare(write: Write) -> Prepared:
    """Refuse what a single backend cannot be; `http` is the protocol of https URLs too."""
    kind = text(write.body, "properties", "type") or "Single"
    if kind != "Single":
        raise invalid_field("type", f"The local Azure knows backends of type 'Single' only, not '{kind}'.")
    if not text(write.body, "properties", "url").startswith(("http://", "https://")):
        raise invalid_field("url", "A backend needs a url that begins with http:// or https://.")
    if text(write.body, "properties", "protocol") not in _PROTOCOLS:
        raise invalid_field("protocol", "A backend's protocol is 'http' (for https URLs too) or 'soap'.")
    require_named_values(
        write.store, service_id(write.id), find(write.body, "properties", "credentials"), "credentials"
    )
    return Prepared(with_defaults(write.body, type="Single"))


TYPES = (ResourceType(BACKEND, VERSIONS, noun="Backend", prepare=_prepare),)
