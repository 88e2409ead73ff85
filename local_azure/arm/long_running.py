"""The two addresses at which a client asks how an operation is doing that goes on after its answer.

Both are those of "Track asynchronous Azure operations"
(learn.microsoft.com/azure/azure-resource-manager/management/async-operations): `Azure-AsyncOperation` tells the status,
`Location` the result. A PUT is answered by 201 or 200 all the same, PATCH and DELETE by 202: Microsoft's clients take
nothing else. The name of an operation holds the id of its resource: one that this server does not know, because it
succeeded or because the server was restarted since, has done what the store tells.
"""

import base64
import math
from collections.abc import Mapping
from http import HTTPStatus

from local_azure.arm.addresses import SUBSCRIPTION, Address
from local_azure.arm.context import Context
from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import JsonObject, text
from local_azure.arm.messages import Answer
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.common import place

_STATUSES = "operationsStatuses"
_RESULTS = "operationresults"
_LONGEST_WAIT = 30
"""Seconds after which a client looks again at the latest."""


def headers(context: Context, entity: Entity, operation: str, version: str) -> Mapping[str, str]:
    """Return the headers of an answer that tells of an operation on this resource."""
    namespace, subscription = entity.type.partition("/")[0], entity.id.split("/")[2]
    around = f"{context.site.arm_url}/subscriptions/{subscription}/providers/{namespace}/locations"
    location = place(_location(entity, context.store))
    return {
        "Azure-AsyncOperation": f"{around}/{location}/{_STATUSES}/{operation}?api-version={version}",
        "Location": f"{around}/{location}/{_RESULTS}/{operation}?api-version={version}",
        **_retry_after(context.operations.remaining(operation)),
    }


def knows(address: Address) -> bool:
    """Tell whether an address is that of the status or the result of an operation."""
    is_in_location = address.parent is not None and address.parent.leaf.lower() == "locations"
    return is_in_location and address.leaf.lower() in {_STATUSES.lower(), _RESULTS.lower()}


def tell(context: Context, address: Address) -> Answer:
    """Return the status, or the result: the resource, or nothing (204) once it is deleted.

    Raises ArmError for an operation that never was (404), and in place of the result of one that failed (400).
    """
    name = address.name or ""
    resource_id = _resource_id(address)
    remaining, operation = context.operations.remaining(name), context.operations.find(name)
    failure = operation.failure if operation else None
    if address.leaf.lower() == _STATUSES.lower():
        status = "InProgress" if remaining else "Failed" if failure else "Succeeded"
        body: JsonObject = {"id": address.path, "name": name, "status": status}
        if failure and not remaining:
            body["error"] = {"code": failure.code, "message": failure.message}
        return Answer(HTTPStatus.OK, body, _retry_after(remaining) if remaining else {})
    if remaining:
        return Answer(HTTPStatus.ACCEPTED, headers=_retry_after(remaining))
    if failure:
        raise ArmError(400, failure.code, failure.message)
    entity = context.store.get(resource_id)
    if entity is None:
        return Answer(HTTPStatus.NO_CONTENT)
    return Answer(HTTPStatus.OK, context.told(entity))


def _retry_after(remaining: float) -> dict[str, str]:
    """Return when to ask again, in whole seconds: 0 for at once, as what is done already is told at once."""
    return {"Retry-After": str(min(math.ceil(remaining), _LONGEST_WAIT))}


def _location(entity: Entity, store: Store) -> str:
    """Return where a resource is: a child has no location of its own, but its group has one."""
    group = store.get("/".join(entity.id.split("/")[:5]))
    return text(entity.body, "location") or text(group.body if group else {}, "location")


def _resource_id(address: Address) -> str:
    """Return the id of the resource that an operation is about."""
    name = address.name or ""
    encoded = name.partition(".")[0]
    subscription = address.enclosing(SUBSCRIPTION)
    try:
        resource_id = base64.b64decode(encoded + "=" * (-len(encoded) % 4), b"-_", validate=True).decode()
    except ValueError:
        resource_id = ""
    if subscription is None or not resource_id.lower().startswith(f"{subscription.key}/"):
        raise ArmError(404, "OperationNotFound", f"There is no operation '{name}' here.")
    return resource_id
