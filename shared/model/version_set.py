"""The versions of a model's API, told apart by a segment of the path, a header or a query parameter."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement

from shared.model.versioning import VersioningChoice
from shared.place import ServicePlace


@dataclass(frozen=True)
class VersionSetArgs:
    """What a version set depends on."""

    service: ServicePlace
    """The API Management service."""
    model: str
    """The model's name."""
    summary: str
    """What the model tells."""
    versioning: VersioningChoice
    """What tells the version of a call."""


class VersionSet(pulumi.ComponentResource):
    """What makes the APIs of all versions of a model one API to its consumers."""

    version_set_id: pulumi.Output[str]
    """The resource id of the version set."""

    def __init__(self, name: str, args: VersionSetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the version set."""
        super().__init__("model-gateway:model:VersionSet", name, None, opts)
        version_set = apimanagement.ApiVersionSet(
            f"{name}-version-set",
            apimanagement.ApiVersionSetArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                version_set_id=args.model,
                display_name=args.model,
                description=args.summary,
                versioning_scheme=apimanagement.VersioningScheme[args.versioning.place.name],
                version_header_name=args.versioning.header,
                version_query_name=args.versioning.query,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.version_set_id = version_set.id
        self.register_outputs({"version_set_id": self.version_set_id})
