"""The vocabulary of tags by which the developer portal sorts APIs."""

from collections.abc import Iterable

import pulumi
from pulumi_azure_native import apimanagement

from shared.place import ServicePlace


def api_tags(service: ServicePlace, names: Iterable[str]) -> pulumi.Output[dict[str, str]]:
    """Register the tags; return the resource id of each, by its name. A deleted tag leaves its APIs without it."""
    tags = {
        name: apimanagement.Tag(
            f"{name}-tag",
            apimanagement.TagArgs(
                resource_group_name=service.resource_group_name,
                service_name=service.service_name,
                tag_id=name,
                display_name=name,
            ),
        )
        for name in names
    }
    ids = {name: tag.id for name, tag in tags.items()}
    return pulumi.Output.all(**ids).apply(dict)  # of nothing, it is a list
