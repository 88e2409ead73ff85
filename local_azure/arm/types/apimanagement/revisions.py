"""Revisions of an API that are not the current one (learn.microsoft.com/azure/api-management/api-management-revisions).

`PUT apis/iris;rev=2` makes one, empty or as a copy of `sourceApiId`. What all revisions share can be changed in the
current one alone. Which one is current is changed by a release, which the local Azure does not have.
"""

import re
from collections.abc import Mapping

from local_azure.arm.errors import ArmError, entity_not_found, invalid_field
from local_azure.arm.json_values import JsonObject, object_at, text, with_properties
from local_azure.arm.references import absolute, entity_of, require_entity, service_id
from local_azure.arm.resource_types import Write
from local_azure.arm.revision_ids import is_revision, split
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import API

_SHARED = (
    "displayName",
    "type",
    "description",
    "subscriptionRequired",
    "apiVersion",
    "apiVersionDescription",
    "apiVersionSetId",
    "path",
    "protocols",
)
"""Properties of the API rather than of one revision."""
_OWN = ("apiRevision", "apiRevisionDescription", "isCurrent", "sourceApiId")


def with_source(write: Write) -> JsonObject:
    """Return the body of a new API filled up from the API that `sourceApiId` names, and copy what lies below that one.

    Raises ArmError (400) when there is no such API.
    """
    reference = text(write.body, "properties", "sourceApiId")
    if not reference:
        return write.body
    source = require_entity(write.store, service_id(write.id), reference, API, "sourceApiId")
    if write.before is not None:
        return with_properties(write.body, sourceApiId=source.id)
    for child in write.store.below(source.id):
        write.store.put(write.id + child.id[len(source.id) :], child.type, child.body, child.secrets)
    copied = {name: value for name, value in object_at(source.body, "properties").items() if name not in _OWN}
    given = object_at(write.body, "properties") | {"sourceApiId": source.id}
    return write.body | {"properties": copied | given}


def with_revision(write: Write, body: JsonObject) -> JsonObject:
    """Return the body of an API with its revision told, and what all revisions share.

    Raises ArmError for a revision of an API that is not there (404), and for one that would be another number, current,
    or differ in what is shared (400).
    """
    name, number = split(write.name)
    if not is_revision(write.name):
        return with_properties(body, apiRevision=_number_of_current(write, body), isCurrent=True)
    current = entity_of(write.store, f"{write.id.rpartition('/')[0]}/{name}", API)
    if current is None:
        raise entity_not_found("Api")
    given, shared = object_at(write.body, "properties"), _shared(current)
    if re.fullmatch(r"[1-9][0-9]*", number) is None or given.get("apiRevision") not in {None, number}:
        raise invalid_field(
            "apiRevision", f"'{write.name}' has to end with the number of the revision that it is."
        )
    if given.get("isCurrent") is True:
        raise invalid_field(
            "isCurrent",
            "A revision becomes the current one by a release, which the local Azure does not have.",
        )
    version_set = text(given, "apiVersionSetId")
    if version_set:
        given["apiVersionSetId"] = absolute(service_id(write.id), version_set)
    for field, value in shared.items():
        if given.get(field) not in (None, value):
            raise invalid_field(field, "Can't change property for non-current revision.")
    return with_properties(body, **shared, apiRevision=number, isCurrent=False)


def _number_of_current(write: Write, body: JsonObject) -> str:
    before = text(write.before.body, "properties", "apiRevision") if write.before else "1"
    number = text(body, "properties", "apiRevision") or before
    if write.store.get(f"{write.id};rev={number}") is not None:
        raise invalid_field("apiRevision", f"The API '{write.name}' has another revision {number}.")
    return number


def _shared(current: Entity) -> JsonObject:
    properties = object_at(current.body, "properties")
    return {name: properties.get(name) for name in _SHARED}


def revisions_of(store: Store, api: Entity) -> tuple[Entity, ...]:
    """Return the revisions of an API beside the current one, in the order of their ids."""
    return tuple(
        other for other in store.below(service_id(api.id), API) if other.key.startswith(f"{api.key};rev=")
    )


def share(entity: Entity, store: Store) -> None:
    """Let the other revisions follow a change of the current one in what they share."""
    for revision in revisions_of(store, entity):
        store.put(revision.id, API, with_properties(revision.body, **_shared(entity)), revision.secrets)


def remove_revisions(entity: Entity, store: Store, query: Mapping[str, str]) -> None:
    """Refuse to remove the current revision beside others, unless `deleteRevisions=true` asks for all.

    Page: learn.microsoft.com/rest/api/apimanagement/apis/delete.
    """
    others = revisions_of(store, entity)
    if others and query.get("deleterevisions", "").lower() != "true":
        raise ArmError(400, "ValidationError", "Cannot delete the current revision of an API.", details=())
    for revision in others:
        store.delete(revision.id)
