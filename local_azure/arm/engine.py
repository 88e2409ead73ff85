"""Carries out requests: who asks, what is addressed, does it exist, may it be so, and only then the write."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from local_azure.arm import catalogue, long_running, membership, soft_delete
from local_azure.arm.addresses import PROVIDER, RESOURCE_GROUP, SUBSCRIPTION, Address, join, parse
from local_azure.arm.context import Context
from local_azure.arm.envelope import has_state
from local_azure.arm.errors import (
    ArmError,
    entity_not_found,
    invalid_api_version,
    method_not_allowed,
    missing_api_version,
    parent_not_found,
    resource_group_not_found,
    resource_not_found,
    unauthenticated,
    unknown_type,
)
from local_azure.arm.json_values import JsonObject, merge_patch, objects_at, with_properties
from local_azure.arm.messages import Answer, ArmRequest
from local_azure.arm.operations import Operations
from local_azure.arm.paging import page, require_supported
from local_azure.arm.read_only import without_read_only
from local_azure.arm.resource_types import Prepared, Registry, ResourceType, Site, Write
from local_azure.arm.revision_ids import without_current_revision
from local_azure.arm.rules import (
    content,
    has_place,
    require_guid,
    require_location,
    require_match,
    require_name,
)
from local_azure.arm.store import Entity, Store
from local_azure.arm.validation import check_body
from local_azure.metadata import load

if TYPE_CHECKING:
    from pydantic import JsonValue

_VERBS = {"GET": "read", "HEAD": "read", "DELETE": "delete"}


class _UndoneError(Exception):
    """An accepted write whose operation is to fail: what it did is taken back, the answer stands."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Engine:
    """Azure Resource Manager over one store."""

    def __init__(
        self, store: Store, registry: Registry, site: Site, operations: Operations | None = None
    ) -> None:
        """Serve the resources in `store`, of the types in `registry`; nothing goes on at the start."""
        self._store = store
        self._registry = registry
        self._context = Context(store, registry, site, operations or Operations())

    def handle(self, request: ArmRequest) -> Answer:
        """Return the answer; a refusal is an answer too, and leaves everything as it was."""
        try:
            address = self._admit(request)
            deleted = soft_delete.addressed(address, self._registry)
            if deleted is not None:
                with self._store.transaction():
                    return self._deleted(request, deleted)
            if request.method in {"GET", "HEAD"}:
                with self._store.snapshot():
                    return self._read(request, address)
            with self._store.transaction():
                return self._write(request, address)
        except _UndoneError as undone:
            return undone.answer
        except ArmError as error:
            return Answer(error.status, error.body(), error.headers)

    def _admit(self, request: ArmRequest) -> Address:
        """Return what the request addresses, if it may be asked at all."""
        scheme, _, token = request.authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise unauthenticated()
        if not request.query.get("api-version"):
            raise missing_api_version()
        address = parse(without_current_revision(request.path, self._store))
        if address is None:
            message = "The request did not have a subscription or a valid tenant level resource provider."
            raise ArmError(404, "MissingSubscription", message)
        subscription = address.enclosing(SUBSCRIPTION)
        if subscription and subscription.name is not None:
            require_guid(subscription.name)
        return address

    def _read(self, request: ArmRequest, address: Address) -> Answer:
        if request.method == "GET" and (catalogue.knows(address) or long_running.knows(address)):
            return self._catalogue(request, address)
        require_supported(request)
        entry = self._entry(request, address)
        parent_id = self._parent_id(request, address)
        if entry.membership:
            return membership.read(self._context, entry.membership, request, address, parent_id)
        if address.is_collection:
            return self._list(request, address, entry, parent_id)
        entity = self._existing(entry, address)
        if request.method == "HEAD":
            status = HTTPStatus.OK if entry.noun else HTTPStatus.NO_CONTENT
            return Answer(status, headers=_headers(entry, entity))
        return self._tell(HTTPStatus.OK, entry, entity, request.query)

    def _write(self, request: ArmRequest, address: Address) -> Answer:
        operations: Mapping[str, Callable[[ArmRequest, Address, ResourceType, str], Answer]] = {
            "PUT": self._put,
            "PATCH": self._patch,
            "DELETE": self._delete,
        }
        if request.method == "POST":
            return self._act(request, address)
        entry = self._entry(request, address)
        if request.method not in operations or address.is_collection:
            raise method_not_allowed(request.method, request.path)
        parent_id = self._parent_id(request, address)
        if entry.membership:
            return membership.write(self._context, entry.membership, request.method, address, parent_id)
        if entry.noun:
            require_match(request, entry, self._store.get(address.path))
        return operations[request.method](request, address, entry, parent_id)

    def _deleted(self, request: ArmRequest, deleted: soft_delete.Deleted) -> Answer:
        """Tell of what was deleted and is kept for a while, or end it for good."""
        _require_version(request, deleted.entry)
        if request.method == "GET" and not deleted.action:
            return Answer(HTTPStatus.OK, soft_delete.tell(self._context, deleted))
        purged = soft_delete.purge(self._store, request, deleted)
        if purged is None:
            return Answer(HTTPStatus.NO_CONTENT)
        return self._going_on(Answer(HTTPStatus.ACCEPTED), request, purged)

    def _catalogue(self, request: ArmRequest, address: Address) -> Answer:
        if long_running.knows(address):
            return long_running.tell(self._context, address)
        group = address.resource_group
        if group and group.name and self._store.get(group.path) is None:
            raise resource_group_not_found(group.name)
        site = self._context.site
        return Answer(HTTPStatus.OK, catalogue.tell(request, address, self._store, self._registry, site))

    def _entry(self, request: ArmRequest, address: Address) -> ResourceType:
        """Return the type of what is addressed; it has to have the api-version that the request names."""
        version = request.query["api-version"]
        entry = self._registry.of(address)
        if entry is None or address.type == PROVIDER:
            raise unknown_type(address.type, version)
        if not has_place(entry, address):
            raise unknown_type(address.type, version)
        _require_version(request, entry)
        return entry

    def _parent_id(self, request: ArmRequest, address: Address) -> str:
        """Return the id of what the addressed thing lies in, which has to exist."""
        parent = address.parent
        if parent is None or parent.type == SUBSCRIPTION:
            return parent.path if parent else ""
        self._parent_id(request, parent)
        entity = self._store.get(parent.path)
        if entity is None:
            raise self._missing_parent(request, address, parent)
        return entity.id

    def _missing_parent(self, request: ArmRequest, address: Address, parent: Address) -> ArmError:
        entry = self._registry.of(parent)
        if entry and entry.name == RESOURCE_GROUP:
            return resource_group_not_found(parent.name or "")
        if entry and entry.noun:
            return entity_not_found(entry.noun)
        return parent_not_found(_VERBS.get(request.method, "write"), address.type, parent.path)

    def _existing(self, entry: ResourceType, address: Address) -> Entity:
        entity = self._store.get(address.path)
        if entity is not None and entity.type == entry.name:
            return entity
        name, group = address.name or "", address.resource_group
        if entry.name == RESOURCE_GROUP:
            raise resource_group_not_found(name)
        if entry.noun:
            raise entity_not_found(entry.noun)
        raise resource_not_found(entry.name, name, group.name if group else None)

    def _tell(self, status: int, entry: ResourceType, entity: Entity, query: Mapping[str, str]) -> Answer:
        return Answer(status, self._context.told(entity, query), _headers(entry, entity))

    def _list(self, request: ArmRequest, address: Address, entry: ResourceType, parent_id: str) -> Answer:
        if request.method != "GET":
            raise method_not_allowed(request.method, request.path)
        above = self._above(address, entry) if entry.is_extension else ()
        entities = (*above, *self._store.below(parent_id, entry.name))
        listed = [entity for entity in entities if entry.is_listed(entity)]
        values: list[JsonValue] = [self._context.told(entity, request.query) for entity in listed]
        is_counted = entry.noun is not None
        body = page(values, request, self._context.site, entry.filters, is_counted=is_counted)
        return Answer(HTTPStatus.OK, body)

    def _above(self, address: Address, entry: ResourceType) -> tuple[Entity, ...]:
        """Return the extension resources that hold here because they lie at a scope around this one."""
        scope, found = address.parent, list[Entity]()
        while scope is not None and scope.parent is not None:
            scope = scope.parent
            prefix = join(scope, scope.path, entry.name, "").lower()
            found.extend(e for e in self._store.below(scope.path, entry.name) if e.key.startswith(prefix))
        return tuple(found)

    def _act(self, request: ArmRequest, address: Address) -> Answer:
        """Run a POST such as `listSecrets`: the last segment of the path names it."""
        target = address.parent
        if not address.is_collection or target is None or target.is_collection:
            raise method_not_allowed(request.method, request.path)
        entry = self._entry(request, target)
        action = next((item for item in entry.actions if item.name.lower() == address.leaf.lower()), None)
        if action is None:
            raise method_not_allowed(request.method, request.path)
        self._parent_id(request, target)
        entity = self._existing(entry, target)
        done = action.run(entity, self._store)
        if isinstance(done, Entity):
            answer = self._tell(HTTPStatus.OK, entry, done, request.query)
            goes_on = request.method in entry.long_running.methods
            return self._going_on(answer, request, done) if goes_on else answer
        if action.is_list and done is not None:
            values: list[JsonValue] = [*objects_at(done, "value")]
            return Answer(action.status, page(values, request, self._context.site, {}))
        return Answer(action.status, done, _headers(entry, entity))

    def _put(self, request: ArmRequest, address: Address, entry: ResourceType, parent_id: str) -> Answer:
        before = self._store.get(address.path)
        name = address.name or ""
        require_name(entry, name)
        resource_id = before.id if before else join(address.parent, parent_id, entry.name, name)
        body = content(request)
        return self._keep(request, entry, Write(resource_id, body, before, is_patch=False, store=self._store))

    def _patch(self, request: ArmRequest, address: Address, entry: ResourceType, _parent_id: str) -> Answer:
        before = self._existing(entry, address)
        merged = merge_patch(before.body, content(request))
        body = merged if isinstance(merged, dict) else {}
        return self._keep(request, entry, Write(before.id, body, before, is_patch=True, store=self._store))

    def _keep(self, request: ArmRequest, entry: ResourceType, write: Write) -> Answer:
        require_location(entry, write)
        known = load().by_arm_type(entry.name)
        body = {
            name: value
            for name, value in write.body.items()
            if name not in {"id", "name", "type", "systemData"}
        }
        if known:
            body = without_read_only(load(), known, body)
            check_body(load(), known, body, write.before.body if write.before and write.is_patch else None)
        entity = self._kept(
            request, entry, Write(write.id, body, write.before, is_patch=write.is_patch, store=self._store)
        )
        status = HTTPStatus.OK if write.before else entry.created_status
        answer = self._tell(status, entry, entity, request.query)
        if request.method not in entry.long_running.methods:
            return answer
        state = entry.long_running.updating if write.before else entry.long_running.creating
        if has_state(entry.name):
            answer = replace(answer, body=with_properties(answer.body or {}, provisioningState=state))
        return self._going_on(replace(answer, status=_accepted(request, status)), request, entity, state)

    def _kept(self, request: ArmRequest, entry: ResourceType, write: Write) -> Entity:
        """Return what is there after a write: what was deleted if it is brought back, else what the write says."""
        brought_back = soft_delete.claim(entry, write)
        if brought_back is not None and request.failure is None:
            return brought_back
        prepared = Prepared(brought_back.body, brought_back.secrets) if brought_back else entry.prepare(write)
        body = _ending(request, entry, prepared.body)
        entity = self._store.put(write.id, entry.name, body, prepared.secrets)
        entry.after_write(entity, self._store)
        return entity

    def _going_on(self, answer: Answer, request: ArmRequest, entity: Entity, state: str = "") -> Answer:
        """Return the answer to a write with the headers of the operation that goes on after it.

        Raises _UndoneError when the operation is to fail and the resource cannot tell that it did.
        """
        operation = self._context.operations.begin(entity, state, request.until, request.failure)
        version = request.query["api-version"]
        headers = long_running.headers(self._context, entity, operation, version)
        answer = replace(answer, headers={**answer.headers, **headers})
        if request.failure and (request.method == "DELETE" or not has_state(entity.type)):
            raise _UndoneError(answer)
        return answer

    def _delete(self, request: ArmRequest, address: Address, entry: ResourceType, _parent_id: str) -> Answer:
        if not entry.can_delete:
            raise method_not_allowed(request.method, request.path)
        entity = self._store.get(address.path)
        if entity is None:
            if entry.name == RESOURCE_GROUP:
                raise resource_group_not_found(address.name or "")
            return Answer(HTTPStatus.NO_CONTENT)
        entry.before_delete(entity, self._store, request.query)
        soft_delete.delete(entity, self._store, self._registry)
        if request.method in entry.long_running.methods:
            return self._going_on(Answer(HTTPStatus.ACCEPTED), request, entity)
        return Answer(entry.deleted_status)


def _accepted(request: ArmRequest, status: int) -> int:
    """Return the status of an answer after which an operation goes on."""
    return HTTPStatus.ACCEPTED if request.method == "PATCH" else status


def _ending(request: ArmRequest, entry: ResourceType, body: JsonObject) -> JsonObject:
    """Return what to keep of a write: its end is known already, and a restart loses nothing of it."""
    fails = request.failure is not None and request.method in entry.long_running.methods
    return with_properties(body, provisioningState="Failed") if fails and has_state(entry.name) else body


def _require_version(request: ArmRequest, entry: ResourceType) -> None:
    """Raise ArmError (400) unless the type has the api-version that the request names."""
    version = request.query["api-version"]
    if version not in entry.api_versions:
        raise invalid_api_version(version, entry.api_versions)


def _headers(entry: ResourceType, entity: Entity) -> Mapping[str, str]:
    """Return the entity tag, which API Management sends with its entities."""
    return {"ETag": f'"{entity.etag}"'} if entry.noun else {}
