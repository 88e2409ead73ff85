"""Where resources go: what every component with a resource of its own needs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class Place:
    """Group, region and tags of the resources of one layer."""

    resource_group_name: pulumi.Input[str]
    """The resource group."""
    location: str
    """The Azure region, in its short form (``westeurope``)."""
    tags: Mapping[str, str]
    """The tags of every resource that can have tags, from shared.tags."""


@dataclass(frozen=True)
class ServicePlace:
    """The API Management service that a resource is a part of."""

    resource_group_name: pulumi.Input[str]
    """The resource group of the service."""
    service_name: pulumi.Input[str]
    """The service's name."""
