"""Microsoft.Network: virtual networks, subnets, network security groups.

A network's subnets are resources of their own; the network tells them in its body. A PUT of the network
without `subnets` leaves them alone, an empty or other list replaces them ("Create or update a virtual
network", learn.microsoft.com/azure/virtual-network/update-virtual-network-without-subnets).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import (
    JsonObject,
    find,
    object_at,
    objects_at,
    text,
    with_defaults,
    with_properties,
)
from local_azure.arm.references import require_resource
from local_azure.arm.resource_types import LongRunning, Prepared, Read, ResourceType, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import SERVICE
from local_azure.arm.types.common import SUBNET, body_etag

if TYPE_CHECKING:
    from pydantic import JsonValue

VIRTUAL_NETWORK = "Microsoft.Network/virtualNetworks"
SECURITY_GROUP = "Microsoft.Network/networkSecurityGroups"
_VERSIONS = ("2024-05-01",)
_LONG_RUNNING = LongRunning(frozenset({"PUT", "DELETE"}), "Updating", "Updating")


def _prepare_network(write: Write) -> Prepared:
    """Write the listed subnets as resources and keep the rest."""
    listed = find(write.body, "properties", "subnets")
    if isinstance(listed, list) and not write.is_patch:
        _replace_subnets(write)
    return Prepared(with_properties(write.body, subnets=None))


def _replace_subnets(write: Write) -> None:
    subnets = objects_at(write.body, "properties", "subnets")
    wanted = {text(subnet, "name").lower() for subnet in subnets}
    for entity in write.store.below(write.id, SUBNET):
        if entity.name.lower() not in wanted:
            _require_no_service(entity, write.store)
            write.store.delete(entity.id)
    for subnet in subnets:
        name = text(subnet, "name")
        if not name:
            raise ArmError(400, "InvalidRequestFormat", "Every subnet of a virtual network needs a name.")
        subnet_id = f"{write.id}/subnets/{name}"
        body: JsonObject = {"properties": object_at(subnet, "properties")}
        inner = Write(subnet_id, body, write.store.get(subnet_id), is_patch=False, store=write.store)
        write.store.put(subnet_id, SUBNET, _prepare_subnet(inner).body)


def _present_network(read: Read) -> JsonObject:
    subnets: list[JsonValue] = [
        subnet.body | {"id": subnet.id, "name": subnet.name, "type": SUBNET, "etag": body_etag(subnet.etag)}
        for subnet in read.store.below(read.entity.id, SUBNET)
    ]
    return with_properties(read.entity.body, subnets=subnets) | {"etag": body_etag(read.entity.etag)}


def _prepare_subnet(write: Write) -> Prepared:
    """Refuse a subnet whose security group does not exist; service policies default as the provider's do."""
    group = text(write.body, "properties", "networkSecurityGroup", "id")
    if group:
        require_resource(write.store, group, SECURITY_GROUP, write.id)
    return Prepared(
        with_defaults(
            with_properties(write.body, provisioningState="Succeeded"),
            privateEndpointNetworkPolicies="Disabled",
            privateLinkServiceNetworkPolicies="Enabled",
            delegations=[],
        )
    )


def _require_no_service(entity: Entity, store: Store, _query: Mapping[str, str] | None = None) -> None:
    """Refuse to remove a subnet, or the network around one, that an API Management service is in.

    Page: learn.microsoft.com/troubleshoot/azure/virtual-network/virtual-network-troubleshoot-cannot-delete-vnet.
    """
    for service in store.of_type(SERVICE):
        used = text(service.body, "properties", "virtualNetworkConfiguration", "subnetResourceId")
        if f"{used.lower()}/".startswith(f"{entity.key}/"):
            raise ArmError(
                400,
                "InUseSubnetCannotBeDeleted",
                f"Subnet {used.rpartition('/')[2]} is in use by {service.id} and cannot be deleted. In order to delete "
                "the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
            )


def _present_subnet(read: Read) -> JsonObject:
    return read.entity.body | {"etag": body_etag(read.entity.etag)}


def _present_group(read: Read) -> JsonObject:
    """Tell the rules as resources, and which subnets the group guards."""
    entity = read.entity
    rules: list[JsonValue] = [
        rule
        | {"id": f"{entity.id}/securityRules/{text(rule, 'name')}", "type": f"{SECURITY_GROUP}/securityRules"}
        for rule in objects_at(entity.body, "properties", "securityRules")
    ]
    guarded: list[JsonValue] = [{"id": subnet} for subnet in _guarded(entity, read.store)]
    body = with_properties(entity.body, securityRules=rules, subnets=guarded or None)
    return body | {"etag": body_etag(entity.etag)}


def _guarded(group: Entity, store: Store) -> list[str]:
    """Return the ids of the subnets that a security group guards."""
    return [
        subnet.id
        for subnet in store.of_type(SUBNET)
        if text(subnet.body, "properties", "networkSecurityGroup", "id").lower() == group.key
    ]


def _require_no_guarded(group: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a security group that guards a subnet.

    Page: learn.microsoft.com/azure/virtual-network/manage-network-security-group.
    """
    guarded = _guarded(group, store)
    if guarded:
        raise ArmError(
            400,
            "InUseNetworkSecurityGroupCannotBeDeleted",
            f"Network security group {group.id} cannot be deleted because it is in use by the following resources: "
            f"{', '.join(guarded)}. In order to delete the Network security group, remove the association with the "
            "resource(s). To learn how to do this, see aka.ms/deletensg.",
        )


TYPES = (
    ResourceType(
        VIRTUAL_NETWORK,
        _VERSIONS,
        is_tracked=True,
        prepare=_prepare_network,
        present=_present_network,
        before_delete=_require_no_service,
        long_running=_LONG_RUNNING,
    ),
    ResourceType(
        SUBNET,
        _VERSIONS,
        prepare=_prepare_subnet,
        present=_present_subnet,
        before_delete=_require_no_service,
        long_running=_LONG_RUNNING,
    ),
    ResourceType(
        SECURITY_GROUP,
        _VERSIONS,
        is_tracked=True,
        present=_present_group,
        before_delete=_require_no_guarded,
        long_running=_LONG_RUNNING,
    ),
)
