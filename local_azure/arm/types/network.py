"""Microsoft.Network: virtual networks, subnets, network security groups.

A network's subnets are resources of their own; the network tells them in its body. A PUT of the network
without `subnets` leaves them alone, an empty or other list replaces them ("Create or update a virtual
network", learn.microsoft.com/azure/virtual-network/update-virtual-network-without-subnets).
"""

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
from local_azure.arm.types.common import body_etag

if TYPE_CHECKING:
    from pydantic import JsonValue

VIRTUAL_NETWORK = "Microsoft.Network/virtualNetworks"
SUBNET = "Microsoft.Network/virtualNetworks/subnets"
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
    guarded: list[JsonValue] = [
        {"id": subnet.id}
        for subnet in read.store.of_type(SUBNET)
        if text(subnet.body, "properties", "networkSecurityGroup", "id").lower() == entity.key
    ]
    body = with_properties(entity.body, securityRules=rules, subnets=guarded or None)
    return body | {"etag": body_etag(entity.etag)}


TYPES = (
    ResourceType(
        VIRTUAL_NETWORK,
        _VERSIONS,
        is_tracked=True,
        prepare=_prepare_network,
        present=_present_network,
        long_running=_LONG_RUNNING,
    ),
    ResourceType(
        SUBNET, _VERSIONS, prepare=_prepare_subnet, present=_present_subnet, long_running=_LONG_RUNNING
    ),
    ResourceType(
        SECURITY_GROUP, _VERSIONS, is_tracked=True, present=_present_group, long_running=_LONG_RUNNING
    ),
)
