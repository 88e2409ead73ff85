"""Services and vaults that were deleted, and can be brought back for a while.

Pages: learn.microsoft.com/azure/api-management/soft-delete,
learn.microsoft.com/azure/key-vault/general/soft-delete-overview.

What was deleted stays where it is kept, out of sight (`Store.set_aside`): neither requests nor the gateway find it. A
record beside it is what Azure tells of it, at the id under which Azure does. Both come and go in the transaction of one
request, so that a kill leaves all of it or nothing.

Time alone destroys nothing. From its date on a deleted resource is told no more and cannot be brought back; its data
goes when somebody takes the name. So a clock that was wrong for a while has lost nothing but what was overwritten.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from local_azure.arm.addresses import Address
from local_azure.arm.context import Context
from local_azure.arm.envelope import listed
from local_azure.arm.errors import method_not_allowed
from local_azure.arm.json_values import JsonObject, text, with_properties
from local_azure.arm.messages import ArmRequest
from local_azure.arm.resource_types import Registry, ResourceType, SoftDelete, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.common import moment_of, place, timestamp

_PATH = re.compile(
    "(?P<subscription>/subscriptions/[^/]+)/providers/(?P<namespace>[^/]+)/"
    "(?:(?P<all>[^/]+)|locations/(?P<location>[^/]+)/(?P<one>[^/]+)/(?P<name>[^/]+)(?:/(?P<action>[^/]+))?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a request about deleted resources addresses: all of a type in a subscription, or one of them."""

    entry: ResourceType
    """Type that the resources had."""
    kept: SoftDelete
    subscription: str
    """Path of the subscription."""
    location: str
    """Empty for all of them, and so are the next two."""
    name: str
    action: str
    """What a POST shall do, empty for the deleted resource itself."""

    @property
    def record_id(self) -> str:
        """Return the id of the record of the one that is addressed."""
        return _record_id(self.entry, self.kept, f"{self.subscription}/{self.name}", self.location)


def addressed(address: Address, registry: Registry) -> Deleted | None:
    """Return which deleted resources an address is about, None for any other address."""
    found = _PATH.fullmatch(address.path)
    if found is None:
        return None
    part = {name: value or "" for name, value in found.groupdict().items()}
    for entry, kept in registry.soft_deleted():
        wanted = (part["namespace"].lower(), (part["all"] or part["one"]).lower())
        if wanted == (entry.parent_type.lower(), kept.collection.lower()):
            return Deleted(entry, kept, part["subscription"], part["location"], part["name"], part["action"])
    return None


def tell(context: Context, deleted: Deleted) -> JsonObject:
    """Return what Azure tells of deleted resources; ArmError (404) for one that is not there."""
    if not deleted.name:
        around = f"{deleted.subscription}/providers/{deleted.entry.parent_type}/locations"
        records = context.store.below(around, _record_type(deleted.entry, deleted.kept))
        return listed([_shown(context, record) for record in records if not _is_past(record)])
    record = _current(context.store, deleted.record_id)
    if record is None:
        raise deleted.kept.not_found(deleted.name)
    return _shown(context, record)


def purge(store: Store, request: ArmRequest, deleted: Deleted) -> Entity | None:
    """End a deleted resource for good and return what told of it, with its location; None when it is not there.

    Raises ArmError: 404 where Azure does not take that for done, 405 for one that may not be ended before its time and
    for any other request.
    """
    ending = ("POST", deleted.kept.purge_action) if deleted.kept.purge_action else ("DELETE", "")
    if not deleted.name or (request.method, deleted.action.lower()) != ending:
        raise method_not_allowed(request.method, request.path)
    record = _current(store, deleted.record_id)
    if record is not None:
        deleted.kept.require_purgeable(record.body)
        _purge(record, deleted.kept, store)
        return replace(record, body={"location": deleted.location})
    if request.method == "POST":
        raise deleted.kept.not_found(deleted.name)
    return None


def delete(entity: Entity, store: Store, registry: Registry) -> None:
    """Delete a resource and everything below it; what its provider keeps for a while goes out of sight."""
    for entry, kept in registry.soft_deleted():
        for each in (entity, *store.below(entity.id, entry.name)):
            if each.type == entry.name:
                _keep(each, entry, kept, store)
    store.delete(entity.id)


def claim(entry: ResourceType, write: Write) -> Entity | None:
    """Return the deleted resource that a write brings back, None when the write may make a new one.

    Raises ArmError when there is nothing to bring back, and when a deleted one has the name.
    """
    kept = entry.soft_delete
    if kept is None or write.is_patch:
        return None
    if kept.wants_back(write.body):
        return _brought_back(entry, kept, write)
    for record in write.store.of_type(_record_type(entry, kept)):
        if record.name.lower() != write.name.lower():
            continue
        if not _is_past(record):
            raise kept.name_taken(write.name, record.key.split("/")[2] == write.id.lower().split("/")[2])
        _purge(record, kept, write.store)
    return None


def _brought_back(entry: ResourceType, kept: SoftDelete, write: Write) -> Entity:
    record = _current(write.store, _record_id(entry, kept, write.id, text(write.body, "location")))
    if record is None or _original(record, kept).lower() != write.id.lower():
        raise kept.not_restorable(write.name)
    write.store.delete(record.id)
    write.store.bring_back(write.id)
    entity = write.store.get(write.id)
    if entity is None:
        raise RuntimeError(f"{record.id} tells of a deleted resource that is not there")
    return entity


def _keep(entity: Entity, entry: ResourceType, kept: SoftDelete, store: Store) -> None:
    """Write the record and take the resource out of sight, without what other providers have on it.

    Role assignments and the like are gone for good: a recovered vault needs them anew (the page on Key Vault).
    """
    for other in store.below(entity.id):
        if not other.type.startswith(f"{entry.name}/"):
            store.delete(other.id)
    now = _now()
    properties = {
        kept.id_property: entity.id,
        "deletionDate": timestamp(now),
        "scheduledPurgeDate": timestamp(now + kept.retention(entity)),
    }
    record_id = _record_id(entry, kept, entity.id, text(entity.body, "location"))
    store.put(record_id, _record_type(entry, kept), with_properties(kept.describe(entity), **properties))
    store.set_aside(entity.id)


def _purge(record: Entity, kept: SoftDelete, store: Store) -> None:
    store.forget(_original(record, kept))
    store.delete(record.id)


def _record_type(entry: ResourceType, kept: SoftDelete) -> str:
    return f"{entry.parent_type}/{kept.collection}"


def _record_id(entry: ResourceType, kept: SoftDelete, resource_id: str, location: str) -> str:
    """Return the id under which Azure tells of a deleted resource with this id."""
    subscription, name = resource_id.split("/")[2], resource_id.rpartition("/")[2]
    around = f"/subscriptions/{subscription}/providers/{entry.parent_type}/locations/{place(location)}"
    return f"{around}/{kept.collection}/{name}"


def _original(record: Entity, kept: SoftDelete) -> str:
    return text(record.body, "properties", kept.id_property)


def _current(store: Store, record_id: str) -> Entity | None:
    """Return the record with this id, unless its date is past."""
    record = store.get(record_id)
    return record if record is not None and not _is_past(record) else None


def _is_past(record: Entity) -> bool:
    return moment_of(text(record.body, "properties", "scheduledPurgeDate")) <= _now()


def _shown(context: Context, record: Entity) -> JsonObject:
    return context.told(record)


def _now() -> datetime:
    """Return the moment by the clock on the wall, which tests set."""
    return datetime.now(UTC)
