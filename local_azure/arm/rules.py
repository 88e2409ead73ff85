"""What holds for every request, whatever the type of resource: place, name, location, content."""

import json
import re
import uuid
from typing import TYPE_CHECKING

from local_azure.arm.addresses import RESOURCE_GROUP, SUBSCRIPTION, Address
from local_azure.arm.errors import ArmError, invalid_content, missing_if_match, modified_since
from local_azure.arm.json_values import JsonObject, text
from local_azure.arm.messages import ArmRequest
from local_azure.arm.resource_types import ResourceType, Write
from local_azure.arm.store import Entity
from local_azure.arm.types.common import place
from local_azure.arm.validation import check_name
from local_azure.metadata import load

if TYPE_CHECKING:
    from pydantic import JsonValue

_LOCATION = re.compile(r"[A-Za-z0-9 ]+")


def has_place(entry: ResourceType, address: Address) -> bool:
    """Tell whether a resource of this type can lie where it is addressed.

    A resource that is no child lies in a group; the collection of a whole subscription can be read too.
    """
    parent_type = address.parent.type if address.parent else ""
    if entry.name == RESOURCE_GROUP:
        return parent_type == SUBSCRIPTION
    if entry.is_extension or "/" in entry.parent_type:
        return True
    return parent_type == RESOURCE_GROUP or (parent_type == SUBSCRIPTION and address.is_collection)


def require_guid(subscription: str) -> None:
    """Raise ArmError (400) unless the id of a subscription is a GUID."""
    try:
        uuid.UUID(subscription)
    except ValueError as error:
        message = f"The provided subscription identifier '{subscription}' is malformed or invalid."
        raise ArmError(400, "InvalidSubscriptionId", message) from error


def require_name(entry: ResourceType, name: str) -> None:
    """Raise ArmError (400) when a resource of this type cannot have this name."""
    if entry.only_name is not None and name.lower() != entry.only_name:
        message = f"The only name that a resource of type '{entry.name}' can have is '{entry.only_name}'."
        raise ArmError(400, "ValidationError", message)
    known = load().by_arm_type(entry.name)
    if known:
        check_name(known, name)


def require_location(entry: ResourceType, write: Write) -> None:
    """Raise ArmError for a tracked resource without a location (400), and for one that would move (409).

    Raises ArmError (400) too for what can be no location: addresses and headers are made of it.
    """
    wanted = text(write.body, "location")
    if wanted and _LOCATION.fullmatch(wanted) is None:
        message = f"The provided location '{wanted}' is not available for resource type '{entry.name}'."
        raise ArmError(400, "LocationNotAvailableForResourceType", message)
    if not entry.is_tracked:
        return
    if not wanted:
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    before = text(write.before.body, "location") if write.before else wanted
    if place(before) != place(wanted):
        name = write.id.rpartition("/")[2]
        raise ArmError(
            409,
            "InvalidResourceLocation",
            f"The resource '{name}' already exists in location '{before}'. A resource with the same "
            f"name cannot be created in location '{wanted}'. Please select a new resource name.",
        )


def require_match(request: ArmRequest, entry: ResourceType, present: Entity | None) -> None:
    """Refuse a write by somebody who does not know the entity as it is (`If-Match`).

    PATCH and DELETE have to say which entity tags they know, `*` for any; PUT may. Raises ArmError: 400 without the
    header, 412 when the entity has another tag by now or is gone. A DELETE of what is gone has nothing to lose.
    Page: learn.microsoft.com/rest/api/apimanagement/product/update.
    """
    if not request.if_match.strip():
        if entry.needs_if_match and request.method in {"PATCH", "DELETE"}:
            raise missing_if_match(request.method)
        return
    known = {tag.strip().strip('"') for tag in request.if_match.split(",")}
    is_gone = present is None and request.method != "PUT"
    if not is_gone and "*" not in known and (present is None or present.etag not in known):
        raise modified_since()


def content(request: ArmRequest) -> JsonObject:
    """Return the body of a request.

    Raises ArmError (400) unless it is a JSON object, of numbers and texts that JSON can hold: what is kept has to
    be told again.
    """
    try:
        body: JsonValue = json.loads(request.content or b"{}")
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise invalid_content(str(error)) from error
    if not isinstance(body, dict):
        raise invalid_content("The body has to be a JSON object")
    return body
