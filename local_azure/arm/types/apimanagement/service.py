"""The API Management service itself (learn.microsoft.com/rest/api/apimanagement/api-management-service)."""

from typing import TYPE_CHECKING

from local_azure.arm.errors import ArmError, invalid_field
from local_azure.arm.json_values import (
    JsonObject,
    object_at,
    objects_at,
    text,
    with_defaults,
    with_properties,
)
from local_azure.arm.references import require_resource
from local_azure.arm.resource_types import LongRunning, Prepared, Read, ResourceType, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.deleted_services import SOFT_DELETE
from local_azure.arm.types.apimanagement.names import GROUP, SERVICE, VERSIONS
from local_azure.arm.types.common import SUBNET, require_unique_name, timestamp, with_identity
from shared.azure.capabilities import CAPABILITIES
from shared.azure.skus import Sku

if TYPE_CHECKING:
    from pydantic import JsonValue

_BUILT_IN_GROUPS = {
    "administrators": "Administrators is a built-in group. Its membership is managed by the system. "
    "Microsoft Azure subscription administrators fall into this group.",
    "developers": "Developers is a built-in group. Its membership is managed by the system. Signed-in "
    "users fall into this group.",
    "guests": "Guests is a built-in group. Its membership is managed by the system. Unauthenticated "
    "users visiting the developer portal fall into this group.",
}
"""Groups that every service has from the start.

Page: learn.microsoft.com/azure/api-management/api-management-howto-create-groups.
"""


def _prepare(write: Write) -> Prepared:
    """Fill in identities and host names; a service's name is part of its host name, so it is unique."""
    in_use = ArmError(409, "ServiceAlreadyExists", f"Api service already exists: {write.name}")
    require_unique_name(write.store, write.id, SERVICE, in_use)
    _require_units(object_at(write.body, "sku"))
    subnet = text(write.body, "properties", "virtualNetworkConfiguration", "subnetResourceId")
    if subnet:
        require_resource(write.store, subnet, SUBNET, write.id)
    body = with_identity(write.body, write.id, write.store)
    body = with_defaults(
        body,
        notificationSenderEmail="apimgmt-noreply@mail.windowsazure.com",
        virtualNetworkType="None",
        publicNetworkAccess="Enabled",
        disableGateway=False,
        natGatewayState="Disabled",
        apiVersionConstraint={},
        developerPortalStatus="Enabled",
        legacyPortalStatus="Disabled",
    )
    hosts: list[JsonValue] = [_host(write.name), *_custom_hosts(body)]
    certificates: list[JsonValue] = [*map(_without_key, objects_at(body, "properties", "certificates"))]
    return Prepared(
        with_properties(body, hostnameConfigurations=hosts, certificates=certificates or None, restore=None)
    )


def _require_units(sku: JsonObject) -> None:
    """Refuse a capacity that the SKU cannot have; of a SKU that is not known yet, nothing is known.

    Page: learn.microsoft.com/azure/api-management/api-management-features (maximum number of scale units).
    """
    name, units = text(sku, "name"), sku["capacity"]
    if name not in set(Sku) or not isinstance(units, int):
        return
    capability = CAPABILITIES[Sku(name)]
    if capability.most_units is None and units != 0:
        raise invalid_field(
            "sku.capacity",
            f"The capacity of the SKU '{name}' has to be 0, not {units}: Azure scales it by itself.",
        )
    if capability.most_units is None:
        return
    most = capability.most_units if capability.most_units_is_certain else units
    if not 1 <= units <= max(1, most):
        raise invalid_field(
            "sku.capacity",
            f"The capacity of the SKU '{name}' has to be from 1 to {capability.most_units}, not {units}.",
        )


def _host(name: str) -> JsonObject:
    """Return the host name that every service has."""
    return {
        "type": "Proxy",
        "hostName": f"{name.lower()}.azure-api.net",
        "negotiateClientCertificate": False,
        "defaultSslBinding": True,
        "certificateSource": "BuiltIn",
    }


def _custom_hosts(body: JsonObject) -> list[JsonObject]:
    """Return the host names that the service was given."""
    told = objects_at(body, "properties", "hostnameConfigurations")
    return [_without_key(host) for host in told if host.get("certificateSource") != "BuiltIn"]


def _without_key(holder: JsonObject) -> JsonObject:
    """Return what has a certificate without the key of it, which is never told."""
    return {
        name: value
        for name, value in holder.items()
        if name not in {"encodedCertificate", "certificatePassword"}
    }


def _present(read: Read) -> JsonObject:
    """Tell the addresses that hold now: the gateway's port may be another one than at the last start."""
    name = read.entity.name.lower()
    body = with_properties(
        read.entity.body,
        targetProvisioningState="",
        createdAtUtc=timestamp(read.entity.created),
        gatewayUrl=read.site.gateway_url,
        gatewayRegionalUrl=read.site.gateway_url,
        managementApiUrl=f"https://{name}.management.azure-api.net",
        developerPortalUrl=f"https://{name}.developer.azure-api.net",
        portalUrl=f"https://{name}.portal.azure-api.net",
        scmUrl=f"https://{name}.scm.azure-api.net",
        platformVersion="stv2.1" if "V2" in text(object_at(read.entity.body, "sku"), "name") else "stv2",
        publicIPAddresses=["127.0.0.1"],
    )
    return body | {"etag": read.entity.etag}


def _add_built_in_groups(entity: Entity, store: Store) -> None:
    for name, description in _BUILT_IN_GROUPS.items():
        group_id = f"{entity.id}/groups/{name}"
        if store.get(group_id) is None:
            properties: JsonObject = {
                "displayName": name.capitalize(),
                "description": description,
                "builtIn": True,
                "type": "system",
            }
            store.put(group_id, GROUP, {"properties": properties})


TYPES = (
    ResourceType(
        SERVICE,
        VERSIONS,
        is_tracked=True,
        long_running=LongRunning(frozenset({"PUT", "PATCH", "DELETE"}), "Created", "Updating"),
        prepare=_prepare,
        present=_present,
        after_write=_add_built_in_groups,
        soft_delete=SOFT_DELETE,
    ),
)
