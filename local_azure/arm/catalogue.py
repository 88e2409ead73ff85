"""What Resource Manager tells of itself: subscriptions, providers, and lists across types."""

from typing import TYPE_CHECKING

from local_azure.arm.addresses import PROVIDER, SUBSCRIPTION, Address
from local_azure.arm.envelope import listed, summary, told
from local_azure.arm.errors import ArmError, invalid_api_version
from local_azure.arm.filters import Field
from local_azure.arm.identity import TENANT_ID
from local_azure.arm.json_values import JsonObject
from local_azure.arm.messages import ArmRequest
from local_azure.arm.paging import page
from local_azure.arm.resource_types import Read, Registry, ResourceType, Site
from local_azure.arm.store import Store
from local_azure.arm.types.resources import RESOURCES_VERSIONS

if TYPE_CHECKING:
    from pydantic import JsonValue

_RESOURCES = "Microsoft.Resources/resources"
_FILTERS = {
    "resourceType": Field(("type",), frozenset({"eq", "ne"})),
    "name": Field(("name",), frozenset({"eq", "ne", "substringof"})),
    "location": Field(("location",), frozenset({"eq", "ne"})),
}
"""Of those that learn.microsoft.com/rest/api/resources/resources/list has."""
_SUBSCRIPTION_COLLECTIONS = (_RESOURCES.lower(), PROVIDER.lower())


_SUBSCRIPTION_VERSIONS = ("2016-06-01", "2018-06-01", "2019-06-01", "2019-11-01", "2021-01-01", "2022-12-01")
"""What the clients name for subscriptions."""
_OTHER_VERSIONS = ("2015-11-01", *RESOURCES_VERSIONS)
"""The oldest one is that of Key Vault's client, which lists vaults among the resources."""


def knows(address: Address) -> bool:
    """Tell whether an address is one of these rather than a resource or a collection of one type."""
    return address.type == SUBSCRIPTION or address.type.lower() in _SUBSCRIPTION_COLLECTIONS


def tell(request: ArmRequest, address: Address, store: Store, registry: Registry, site: Site) -> JsonObject:
    """Return what is at a catalogue address.

    Raises ArmError: 404 for a provider that is not here, 400 for an api-version that nothing here has.
    """
    version = request.query["api-version"]
    known = _SUBSCRIPTION_VERSIONS if address.type == SUBSCRIPTION else _OTHER_VERSIONS
    if version not in known:
        raise invalid_api_version(version, known)
    if address.type == SUBSCRIPTION:
        return _subscriptions(store) if address.name is None else _subscription(address.name)
    if address.type.lower() == _RESOURCES.lower():
        resources = _resources(address, store, registry, site)
        return page(resources, request, site, _FILTERS, is_counted=False)
    if address.name is None:
        return listed([_provider(address, name, types) for name, types in registry.namespaces().items()])
    for namespace, types in registry.namespaces().items():
        if namespace.lower() == address.name.lower():
            return _provider(address, namespace, types)
    raise ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{address.name}' is invalid.")


def _subscriptions(store: Store) -> JsonObject:
    """Return the subscriptions that hold something; any other id answers too, when asked for by name."""
    names = dict.fromkeys(
        group.id.split("/")[2] for group in store.of_type("Microsoft.Resources/resourceGroups")
    )
    return listed([_subscription(name) for name in names])


def _subscription(subscription: str) -> JsonObject:
    return {
        "id": f"/subscriptions/{subscription}",
        "subscriptionId": subscription,
        "tenantId": TENANT_ID,
        "displayName": "Local Azure",
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
        },
    }


def _resources(address: Address, store: Store, registry: Registry, site: Site) -> "list[JsonValue]":
    """Return the tracked resources below a subscription or a group."""
    values: list[JsonValue] = []
    for entity in store.below(address.parent.path if address.parent else ""):
        entry = registry.find(entity.type)
        if entry and entry.is_tracked:
            values.append(summary(told(Read(entity, store, site), registry)))
    return values


def _provider(address: Address, namespace: str, types: tuple[ResourceType, ...]) -> JsonObject:
    resource_types: list[JsonValue] = [
        {
            "resourceType": entry.name.partition("/")[2],
            "apiVersions": list(entry.api_versions),
            "locations": [],
        }
        for entry in types
    ]
    parent = address.parent.path if address.parent else ""
    return {
        "id": f"{parent}/providers/{namespace}",
        "namespace": namespace,
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": resource_types,
    }
