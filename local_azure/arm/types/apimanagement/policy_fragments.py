"""Policy fragments (learn.microsoft.com/rest/api/apimanagement/policy-fragment).

A policy that includes a fragment runs what the fragment holds now, so a change of the fragment is held against each of
them: one that could not run any more would answer its calls with 500.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from local_azure.arm.errors import invalid_field
from local_azure.arm.filters import texts
from local_azure.arm.json_values import JsonObject, text, with_defaults
from local_azure.arm.references import service_id
from local_azure.arm.resource_types import Action, LongRunning, Prepared, ResourceType, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.document_uses import documents_naming, require_runnable
from local_azure.arm.types.apimanagement.named_values import current_values
from local_azure.arm.types.apimanagement.names import POLICY_FRAGMENT, VERSIONS
from local_azure.arm.types.apimanagement.policies import refused_document, require_backends, sku_of
from local_azure.arm.types.apimanagement.policy_documents import (
    content_format,
    fragments_of,
    present_document,
    unescaped,
)
from local_azure.arm.types.apimanagement.uses import require_unused
from local_azure.gateway.policies import check_fragment
from shared.azure.policy_statements import POLICY_FRAGMENT_BYTES, PolicyContentFormat
from shared.policies import PolicyError, included_fragments

if TYPE_CHECKING:
    from pydantic import JsonValue


def _prepare(write: Write) -> Prepared:
    body = with_defaults(write.body, format=PolicyContentFormat.XML.value)
    written_as = content_format(text(body, "properties", "format"))
    document, service = text(body, "properties", "value"), service_id(write.id)
    size = len(document.encode())
    if size > POLICY_FRAGMENT_BYTES:
        raise invalid_field(
            "value", f"The policy fragment has {size} bytes, and may have {POLICY_FRAGMENT_BYTES}: divide it."
        )
    values = current_values(write.store, service)
    try:
        checked = check_fragment(document, values, sku=sku_of(write), content_format=written_as)
        raw = document if written_as is PolicyContentFormat.RAWXML else unescaped(document)
        check_fragment(raw, values)  # as the gateway will read it
    except PolicyError as error:
        raise refused_document(error, document) from error
    require_backends(write, checked)
    if write.before is not None:
        fragments = fragments_of(write.store, service) | {write.name.lower(): raw}
        require_runnable(_users(write.before, write.store), values, fragments)
    return Prepared(body)


def _users(fragment: Entity, store: Store) -> Iterator[Entity]:
    """Yield the policies that include a fragment."""
    values = current_values(store, service_id(fragment.id))
    return documents_naming(fragment, store, values, "fragment-id", included_fragments)


def _require_unused(fragment: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a fragment that a policy includes."""
    require_unused("Policy Fragment", fragment.name, _users(fragment, store))


def _list_references(fragment: Entity, store: Store) -> JsonObject:
    users: list[JsonValue] = [
        {"id": user.id, "name": user.name, "type": user.type} for user in _users(fragment, store)
    ]
    return {"value": users}


TYPES = (
    ResourceType(
        POLICY_FRAGMENT,
        VERSIONS,
        noun="Policy Fragment",
        prepare=_prepare,
        present=present_document,
        before_delete=_require_unused,
        actions=(Action("listReferences", _list_references, is_list=True),),
        filters=texts("name", "description", "value"),
        long_running=LongRunning(frozenset({"PUT"})),
    ),
)
