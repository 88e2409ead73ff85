"""Products and groups, and the links between products, APIs and groups.

`products/apis` and `products/groups` are the older view of the same relations that `apiLinks` and
`groupLinks` hold (learn.microsoft.com/rest/api/apimanagement/product-api and .../product-api-link).
"""

from collections.abc import Mapping

from local_azure.arm.errors import ArmError, invalid_field
from local_azure.arm.filters import Field, choice, texts
from local_azure.arm.json_values import find, text, with_defaults, with_properties
from local_azure.arm.references import require_entity, service_id
from local_azure.arm.resource_types import Membership, Prepared, ResourceType, Write
from local_azure.arm.revision_ids import is_revision, split
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import (
    API,
    API_LINK,
    GROUP,
    GROUP_LINK,
    PRODUCT,
    PRODUCT_API,
    PRODUCT_GROUP,
    VERSIONS,
)
from local_azure.arm.types.apimanagement.subscriptions import subscribe_administrator, subscriptions_of


def _prepare_product(write: Write) -> Prepared:
    """Default as the service does: a subscription is needed, and nothing is published yet.

    The administrator is subscribed from the beginning to a product that needs it, as the service does unasked.
    """
    body = with_defaults(write.body, subscriptionRequired=True, state="notPublished")
    if write.before is None and find(body, "properties", "subscriptionRequired") is True:
        subscribe_administrator(write.store, write.id)
    return Prepared(body)


def _delete_subscriptions(entity: Entity, store: Store, query: Mapping[str, str]) -> None:
    """Refuse to remove a product that is subscribed to, unless `deleteSubscriptions=true` asks for both."""
    subscriptions = subscriptions_of(store, entity.id)
    if subscriptions and query.get("deletesubscriptions", "").lower() != "true":
        raise ArmError(
            400,
            "ValidationError",
            "Product cannot be deleted since it has existing subscriptions. Delete subscriptions before deleting the "
            "product or pass in deleteSubscriptions=true as query param",
            details=(),
        )
    for subscription in subscriptions:
        store.delete(subscription.id)


def _prepare_group(write: Write) -> Prepared:
    built_in = write.before is not None and text(write.before.body, "properties", "type") == "system"
    if built_in:
        raise ArmError(
            405, "MethodNotAllowed", f"The group '{write.name}' is built in and cannot be changed."
        )
    body = with_defaults(write.body, type="custom")
    return Prepared(with_properties(body, builtIn=False))


def _remove_with_group(entity: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a built-in group; remove the product links of any other."""
    if text(entity.body, "properties", "type") == "system":
        message = f"The group '{entity.name}' is built in and cannot be deleted."
        raise ArmError(405, "MethodNotAllowed", message)
    for link in store.below(service_id(entity.id), GROUP_LINK):
        if text(link.body, "properties", "groupId").lower() == entity.key:
            store.delete(link.id)


def _prepare_api_link(write: Write) -> Prepared:
    return _prepare_link(write, "apiId", API)


def _prepare_group_link(write: Write) -> Prepared:
    return _prepare_link(write, "groupId", GROUP)


def _prepare_link(write: Write, link_property: str, member_type: str) -> Prepared:
    reference = text(write.body, "properties", link_property)
    member = require_entity(write.store, service_id(write.id), reference, member_type, link_property)
    if is_revision(member.name):
        raise invalid_field(
            link_property, f"A product has all revisions of an API: name '{split(member.name)[0]}'."
        )
    return Prepared(with_properties(write.body, **{link_property: member.id}))


TYPES = (
    ResourceType(
        PRODUCT,
        VERSIONS,
        noun="Product",
        prepare=_prepare_product,
        before_delete=_delete_subscriptions,
        filters=texts("name", "displayName", "description", "terms") | choice("state"),
    ),
    ResourceType(
        GROUP,
        VERSIONS,
        noun="Group",
        prepare=_prepare_group,
        before_delete=_remove_with_group,
        filters=texts("name", "displayName", "description") | choice("externalId"),
    ),
    ResourceType(
        API_LINK,
        VERSIONS,
        noun="Product API link",
        prepare=_prepare_api_link,
        needs_if_match=False,
        filters=texts("apiId"),
    ),
    ResourceType(
        GROUP_LINK,
        VERSIONS,
        noun="Product group link",
        prepare=_prepare_group_link,
        needs_if_match=False,
        filters=texts("groupId"),
    ),
    ResourceType(
        PRODUCT_API,
        VERSIONS,
        noun="Api",
        membership=Membership(API_LINK, "apiId", API),
        filters=texts("name", "displayName", "description", "serviceUrl", "path"),
    ),
    ResourceType(
        PRODUCT_GROUP,
        VERSIONS,
        noun="Group",
        membership=Membership(GROUP_LINK, "groupId", GROUP),
        filters={"name": Field(("name",), frozenset({"eq", "ne", "gt", "ge", "lt", "le"}))}
        | choice("displayName", "eq", "ne")
        | choice("description", "eq", "ne"),
    ),
)
