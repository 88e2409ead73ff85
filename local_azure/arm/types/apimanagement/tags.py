"""Tags of a service, and the links by which APIs carry them.

learn.microsoft.com/rest/api/apimanagement/tag and .../tag-api-link. A deleted tag takes its links along, a deleted API
takes those to it.
"""

from local_azure.arm.filters import texts
from local_azure.arm.json_values import text, with_properties
from local_azure.arm.references import require_entity, service_id
from local_azure.arm.resource_types import Prepared, ResourceType, Write
from local_azure.arm.types.apimanagement.names import API, TAG, TAG_API_LINK, VERSIONS


def _prepare_link(write: Write) -> Prepared:
    reference = text(write.body, "properties", "apiId")
    api = require_entity(write.store, service_id(write.id), reference, API, "apiId")
    return Prepared(with_properties(write.body, apiId=api.id))


TYPES = (
    ResourceType(TAG, VERSIONS, noun="Tag", filters=texts("name", "displayName")),
    ResourceType(
        TAG_API_LINK,
        VERSIONS,
        noun="Tag API link",
        prepare=_prepare_link,
        needs_if_match=False,
        filters=texts("apiId"),
    ),
)
