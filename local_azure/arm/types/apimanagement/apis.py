"""APIs with their version sets, schemas and operations (learn.microsoft.com/rest/api/apimanagement/apis)."""

import re
from collections.abc import Iterator, Mapping

from local_azure.arm.errors import invalid_field
from local_azure.arm.filters import choice, texts
from local_azure.arm.json_values import (
    JsonObject,
    find,
    object_at,
    objects_at,
    text,
    with_defaults,
    with_properties,
)
from local_azure.arm.references import entity_of, require_entity, service_id
from local_azure.arm.resource_types import LongRunning, Prepared, Read, ResourceType, Write
from local_azure.arm.revision_ids import is_current, split
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import (
    API,
    API_LINK,
    API_SCHEMA,
    OPERATION,
    TAG_API_LINK,
    VERSION_SET,
    VERSIONS,
)
from local_azure.arm.types.apimanagement.revisions import (
    remove_revisions,
    share,
    with_revision,
    with_source,
)
from local_azure.arm.types.apimanagement.subscriptions import subscriptions_of
from local_azure.arm.types.apimanagement.uses import require_unused
from local_azure.gateway.schemas import fault

_TEMPLATE_PARAMETER = re.compile(r"\{\*?([^{}]*)\}")


def _prepare_api(write: Write) -> Prepared:
    """Default as the service does; a version needs a version set, and that has to exist."""
    if find(write.body, "properties", "value") is not None:
        raise invalid_field(
            "value",
            "The local Azure imports no documents: write the operations and schemas of an API as resources.",
        )
    body = with_defaults(
        with_revision(write, with_source(write)),
        subscriptionRequired=True,
        protocols=["https"],
        subscriptionKeyParameterNames={"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"},
        displayName=write.name,
    )
    reference = text(body, "properties", "apiVersionSetId")
    if reference:
        version_set = require_entity(
            write.store, service_id(write.id), reference, VERSION_SET, "apiVersionSetId"
        )
        body = with_properties(body, apiVersionSetId=version_set.id)
    elif text(body, "properties", "apiVersion"):
        raise invalid_field("apiVersion", "An API with an apiVersion needs an apiVersionSetId.")
    _require_path_of_its_own(write.store, write.id, body)
    return Prepared(with_properties(body, isOnline=True))


def _present_api(read: Read) -> JsonObject:
    """Tell the version set with its properties when a list is asked to (`expandApiVersionSet=true`)."""
    version_set = read.store.get(text(read.entity.body, "properties", "apiVersionSetId"))
    if version_set is None or read.query.get("expandapiversionset", "").lower() != "true":
        return read.entity.body
    details: JsonObject = {"id": version_set.id, **object_at(version_set.body, "properties")}
    details["name"] = details.pop("displayName", version_set.name)
    return with_properties(read.entity.body, apiVersionSet=details)


def _require_path_of_its_own(store: Store, api_id: str, body: JsonObject) -> None:
    """Refuse the path of another API, unless both are different versions in one version set."""
    path, version_set, version = _place(body)
    name = api_id.rpartition("/")[2]
    for other in store.below(service_id(api_id), API):
        other_path, other_set, other_version = _place(other.body)
        if other_path != path or split(other.name)[0].lower() == split(name)[0].lower():
            continue
        if not version_set or version_set != other_set:
            raise invalid_field(
                "path",
                f"Cannot create API '{name}' with the same Path '{text(body, 'properties', 'path')}' as API "
                f"'{other.name}'  unless it's a part of the same version set",  # two blanks: the service's words
            )
        if version == other_version:
            raise invalid_field(
                "apiVersion",
                f"The API '{other.name}' is the version '{version}' of this version set already.",
            )


def _place(body: JsonObject) -> tuple[str, str, str]:
    """Return path, version set and version of an API, comparable."""
    path = text(body, "properties", "path").strip("/").lower()
    version_set = text(body, "properties", "apiVersionSetId").lower()
    return path, version_set, text(body, "properties", "apiVersion").lower()


def _remove_with_api(entity: Entity, store: Store, query: Mapping[str, str]) -> None:
    """Remove what would be left without the API: its other revisions, the links to it and its subscriptions."""
    remove_revisions(entity, store, query)
    links = (link for kind in (API_LINK, TAG_API_LINK) for link in store.below(service_id(entity.id), kind))
    named = (link for link in links if text(link.body, "properties", "apiId").lower() == entity.key)
    for dependent in (*named, *subscriptions_of(store, entity.id)):
        store.delete(dependent.id)


def _require_set_unused(entity: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a version set that has versions."""
    apis = store.below(service_id(entity.id), API)
    users = (api for api in apis if text(api.body, "properties", "apiVersionSetId").lower() == entity.key)
    require_unused("ApiVersionSet", entity.name, users)


def _require_schema_unused(entity: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a schema that a representation of an operation of its API names."""
    operations = store.below(entity.id.rpartition("/schemas/")[0], OPERATION)
    users = (
        operation
        for operation in operations
        if any(
            text(item, "schemaId").lower() == entity.name.lower() for item in _representations(operation.body)
        )
    )
    require_unused("Schema", entity.name, users)


def _prepare_schema(write: Write) -> Prepared:
    document = write.body.get("properties")
    if not isinstance(document, dict) or not document.get("document"):
        raise invalid_field("document", "A schema needs a document.")
    wrong = fault(document["document"])
    if wrong is not None:
        raise invalid_field("document", f"The schema cannot be used: {wrong}.")
    return Prepared(write.body)


def _prepare_operation(write: Write) -> Prepared:
    """Refuse template parameters that are not described and representations whose schema does not exist."""
    template = text(write.body, "properties", "urlTemplate")
    described = {
        text(parameter, "name") for parameter in objects_at(write.body, "properties", "templateParameters")
    }
    missing = [name for name in _TEMPLATE_PARAMETER.findall(template) if name not in described]
    if missing:
        raise invalid_field(
            "templateParameters",
            "All template parameters used in the UriTemplate must be defined in the Operation, please "
            f"ensure the following parameters are defined: {', '.join(missing)}.",
        )
    api_id = write.id.rpartition("/operations/")[0]
    _require_signature_of_its_own(write, api_id)
    for representation in _representations(write.body):
        _require_schema(write.store, api_id, representation)
    return Prepared(with_defaults(write.body, templateParameters=[], responses=[]))


def _require_signature_of_its_own(write: Write, api_id: str) -> None:
    """Refuse the method and URL template that another operation of the API has."""
    method, template = text(write.body, "properties", "method"), text(write.body, "properties", "urlTemplate")
    for other in write.store.below(api_id, OPERATION):
        found = text(other.body, "properties", "method"), text(other.body, "properties", "urlTemplate")
        is_same = [part.lower() for part in found] == [method.lower(), template.lower()]
        if is_same and other.key != write.id.lower():
            raise invalid_field(
                "urlTemplate",
                f"Operation with the same method and URL template already exists: {method}, {template}",
            )


def _representations(body: JsonObject) -> Iterator[JsonObject]:
    """Yield the representations of the request and of every response."""
    yield from objects_at(body, "properties", "request", "representations")
    for response in objects_at(body, "properties", "responses"):
        yield from objects_at(response, "representations")


def _require_schema(store: Store, api_id: str, representation: JsonObject) -> None:
    schema, type_name = text(representation, "schemaId"), text(representation, "typeName")
    if not schema:
        return
    if entity_of(store, f"{api_id}/schemas/{schema}", API_SCHEMA) is None:
        raise invalid_field(
            "schemaId", f"The API has no schema '{schema}'. Create the schema before the operation."
        )
    if not type_name:
        raise invalid_field(
            "typeName", f"A representation that names the schema '{schema}' needs a typeName."
        )


TYPES = (
    ResourceType(VERSION_SET, VERSIONS, noun="ApiVersionSet", before_delete=_require_set_unused),
    ResourceType(
        API,
        VERSIONS,
        noun="Api",
        prepare=_prepare_api,
        present=_present_api,
        after_write=share,
        before_delete=_remove_with_api,
        long_running=LongRunning(frozenset({"PUT", "DELETE"})),
        is_listed=is_current,
        filters=texts("name", "displayName", "description", "serviceUrl", "path")
        | choice("isCurrent", "eq", "ne"),
    ),
    ResourceType(
        API_SCHEMA,
        VERSIONS,
        noun="Schema",
        prepare=_prepare_schema,
        before_delete=_require_schema_unused,
        long_running=LongRunning(frozenset({"PUT"})),
        filters=texts("contentType"),
    ),
    ResourceType(
        OPERATION,
        VERSIONS,
        noun="Operation",
        prepare=_prepare_operation,
        filters=texts("name", "displayName", "method", "description", "urlTemplate"),
    ),
)
