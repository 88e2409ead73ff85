"""Operations that the provider goes on with after its answer, and the two addresses to ask how they are doing.

Both are those of "Track asynchronous Azure operations"
(learn.microsoft.com/azure/azure-resource-manager/management/async-operations): `Azure-AsyncOperation` tells the status,
`Location` the result. A PUT is answered by 201 or 200 all the same, PATCH and DELETE by 202: Microsoft's clients take
nothing else. Here everything is done before the answer, so the first question finds it succeeded. The name of
an operation holds the id of its resource: there is nothing to keep, and a restart loses no operation.
"""

import base64
from collections.abc import Mapping
from http import HTTPStatus

from local_azure.arm.addresses import SUBSCRIPTION, Address
from local_azure.arm.envelope import told
from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import text
from local_azure.arm.messages import Answer
from local_azure.arm.resource_types import Read, Registry, Site
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.common import place

_STATUSES = "operationsStatuses"
_RESULTS = "operationresults"
_RETRY_AFTER = "1"
"""Seconds; Microsoft's clients take 0 for no advice and wait for 30."""


def headers(entity: Entity, version: str, site: Site) -> Mapping[str, str]:
    """Return the headers of an answer that tells of an operation on this resource."""
    namespace, subscription = entity.type.partition("/")[0], entity.id.split("/")[2]
    around = f"{site.arm_url}/subscriptions/{subscription}/providers/{namespace}/locations"
    location = place(text(entity.body, "location"))
    name = base64.urlsafe_b64encode(entity.id.encode()).decode().rstrip("=")
    return {
        "Azure-AsyncOperation": f"{around}/{location}/{_STATUSES}/{name}?api-version={version}",
        "Location": f"{around}/{location}/{_RESULTS}/{name}?api-version={version}",
        "Retry-After": _RETRY_AFTER,
    }


def knows(address: Address) -> bool:
    """Tell whether an address is that of the status or the result of an operation."""
    is_in_location = address.parent is not None and address.parent.leaf.lower() == "locations"
    return is_in_location and address.leaf.lower() in {_STATUSES.lower(), _RESULTS.lower()}


def tell(address: Address, store: Store, registry: Registry, site: Site) -> Answer:
    """Return the status, or the result: the resource, or nothing (204) once it is deleted.

    Raises ArmError (404) for an operation that never was.
    """
    resource_id = _resource_id(address)
    if address.leaf.lower() == _STATUSES.lower():
        return Answer(HTTPStatus.OK, {"id": address.path, "name": address.name, "status": "Succeeded"})
    entity = store.get(resource_id)
    if entity is None:
        return Answer(HTTPStatus.NO_CONTENT)
    return Answer(HTTPStatus.OK, told(Read(entity, store, site), registry))


def _resource_id(address: Address) -> str:
    """Return the id of the resource that an operation is about."""
    name = address.name or ""
    subscription = address.enclosing(SUBSCRIPTION)
    try:
        resource_id = base64.b64decode(name + "=" * (-len(name) % 4), b"-_", validate=True).decode()
    except ValueError:
        resource_id = ""
    if subscription is None or not resource_id.lower().startswith(f"{subscription.key}/"):
        raise ArmError(404, "OperationNotFound", f"There is no operation '{name}' here.")
    return resource_id
