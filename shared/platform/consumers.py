"""The group of people who may subscribe to products."""

from pulumi_azure_native import apimanagement

from shared.place import ServicePlace

CONSUMERS = "model-consumers"
"""The group's identifier."""


def consumers_group(service: ServicePlace) -> apimanagement.Group:
    """Register the group. Its members are managed by operators, or follow from a Microsoft Entra group."""
    return apimanagement.Group(
        "consumers",
        apimanagement.GroupArgs(
            resource_group_name=service.resource_group_name,
            service_name=service.service_name,
            group_id=CONSUMERS,
            display_name="Model consumers",
            description="May subscribe to the products through which models are called.",
            type=apimanagement.GroupType.CUSTOM,
        ),
    )
