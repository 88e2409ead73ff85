"""Relations without a body, such as `products/{productId}/apis/{apiId}`: a view of link resources.

PUT makes a link, DELETE removes every link to the member, HEAD tells whether there is one, and the list
tells the members themselves (learn.microsoft.com/rest/api/apimanagement/product-api).
"""

from http import HTTPStatus

from local_azure.arm.addresses import Address
from local_azure.arm.context import Context
from local_azure.arm.errors import ArmError, entity_not_found, method_not_allowed
from local_azure.arm.json_values import text
from local_azure.arm.messages import Answer, ArmRequest
from local_azure.arm.paging import page
from local_azure.arm.references import service_id
from local_azure.arm.resource_types import Membership
from local_azure.arm.revision_ids import is_revision, without_current_revision
from local_azure.arm.store import Entity


def read(
    context: Context, relation: Membership, request: ArmRequest, address: Address, owner_id: str
) -> Answer:
    """Answer HEAD of one member (204 or 404) or GET of all of them."""
    if request.method == "HEAD" and address.name is not None:
        linked = _links(context, relation, owner_id, _member_id(context, relation, owner_id, address.name))
        return Answer(HTTPStatus.NO_CONTENT if linked else HTTPStatus.NOT_FOUND)
    if request.method == "GET" and address.is_collection:
        links = context.store.below(owner_id, relation.link_type)
        members = (context.store.get(text(link.body, "properties", relation.link_property)) for link in links)
        values = [context.told(member) for member in members if member]
        entry = context.registry.of(address)
        return Answer(HTTPStatus.OK, page([*values], request, context.site, entry.filters if entry else {}))
    raise method_not_allowed(request.method, address.path)


def write(context: Context, relation: Membership, method: str, address: Address, owner_id: str) -> Answer:
    """Answer PUT (201, or 200 for a link that is there) or DELETE (200, or 204 without one) of one member."""
    member_id = _member_id(context, relation, owner_id, address.name or "")
    links = _links(context, relation, owner_id, member_id)
    if method == "DELETE":
        for link in links:
            context.store.delete(link.id)
        return Answer(HTTPStatus.OK if links else HTTPStatus.NO_CONTENT)
    if method != "PUT":
        raise method_not_allowed(method, address.path)
    member = context.store.get(member_id)
    if member is None or is_revision(member.name):
        raise _no_member(context, relation)
    if not links:
        leaf = relation.link_type.rpartition("/")[2]
        properties = {relation.link_property: member.id}
        link_id = f"{owner_id}/{leaf}/{member.name}"
        context.store.put(link_id, relation.link_type, {"properties": {**properties}})
    return Answer(HTTPStatus.OK if links else HTTPStatus.CREATED, context.told(member))


def _member_id(context: Context, relation: Membership, owner_id: str, name: str) -> str:
    written = f"{service_id(owner_id)}/{relation.member_type.rpartition('/')[2]}/{name}"
    return without_current_revision(written, context.store)


def _links(context: Context, relation: Membership, owner_id: str, member_id: str) -> tuple[Entity, ...]:
    return tuple(
        link
        for link in context.store.below(owner_id, relation.link_type)
        if text(link.body, "properties", relation.link_property).lower() == member_id.lower()
    )


def _no_member(context: Context, relation: Membership) -> ArmError:
    entry = context.registry.find(relation.member_type)
    return entity_not_found((entry.noun if entry else None) or relation.member_type)
