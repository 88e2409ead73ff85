"""The layers: their projects' names, and what each hands to the next.

One frozen dataclass per layer is the contract. The layer that exports fills it, the layer that consumes reads
it through a StackReference, and both are checked against the same types.
"""

from dataclasses import dataclass, fields
from typing import ClassVar

import pulumi

from shared.projects import FOUNDATION, MODEL, PLATFORM, model_stack, split_model_stack

__all__ = [
    "FOUNDATION",
    "MODEL",
    "PLATFORM",
    "FoundationOutputs",
    "Layer",
    "ModelOutputs",
    "PlatformOutputs",
    "export",
    "model_stack",
    "split_model_stack",
]


@dataclass(frozen=True)
class FoundationOutputs:
    """What the foundation of an environment hands to the platform."""

    project: ClassVar[str] = FOUNDATION

    resource_group_name: pulumi.Output[str]
    """The group that holds everything of the environment."""
    resource_group_id: pulumi.Output[str]
    """The group's resource id."""
    api_management_subnet_id: pulumi.Output[str]
    """The resource id of the subnet for API Management."""
    subnet_purpose: pulumi.Output[str]
    """How that subnet may be used: a value of shared.azure.network.SubnetPurpose."""
    log_workspace_id: pulumi.Output[str]
    """The resource id of the Log Analytics workspace."""
    vault_name: pulumi.Output[str]
    """The Key Vault that holds secrets."""
    vault_id: pulumi.Output[str]
    """The vault's resource id."""
    vault_uri: pulumi.Output[str]
    """The vault's address, with a slash at its end."""
    gateway_identity_id: pulumi.Output[str]
    """The resource id of the identity that the gateway acts as."""
    gateway_identity_client_id: pulumi.Output[str]
    """The identity's client id, which API Management's settings name."""
    gateway_identity_principal_id: pulumi.Output[str]
    """The identity's principal id, which role assignments name."""


@dataclass(frozen=True)
class PlatformOutputs:
    """What the platform of an environment hands to each model."""

    project: ClassVar[str] = PLATFORM

    resource_group_name: pulumi.Output[str]
    """The group of the API Management service."""
    service_name: pulumi.Output[str]
    """The API Management service."""
    service_id: pulumi.Output[str]
    """The service's resource id."""
    sku: pulumi.Output[str]
    """The service's SKU, which decides what policies may do: a value of shared.azure.skus.Sku."""
    gateway_url: pulumi.Output[str]
    """Where the gateway answers, without a slash at its end."""
    product_ids: pulumi.Output[dict[str, str]]
    """The resource id of each product, by the product's name."""
    tag_ids: pulumi.Output[dict[str, str]]
    """The resource id of each tag that models may carry, by its name."""
    group_id: pulumi.Output[str]
    """The resource id of the group of consumers."""
    logger_id: pulumi.Output[str]
    """The resource id of the logger that writes to Application Insights."""
    named_values: pulumi.Output[list[str]]
    """The named values that policies may use, as ``{{name}}``."""
    backend_secret_name: pulumi.Output[str]
    """The secret in Key Vault, and the named value of the same name, by which backends know the gateway."""
    vault_name: pulumi.Output[str]
    """The Key Vault in which an operator sets that secret."""


@dataclass(frozen=True)
class ModelOutputs:
    """What the stack of a model tells people and tools."""

    project: ClassVar[str] = MODEL

    gateway_url: pulumi.Output[str]
    """Where the gateway answers."""
    version_set_id: pulumi.Output[str]
    """The resource id of the API version set."""
    api_ids: pulumi.Output[dict[str, str]]
    """The resource id of the API of each version."""
    endpoints: pulumi.Output[dict[str, dict[str, str]]]
    """Where the model itself answers, by version and deployment; a retired version is not among them."""
    operation_urls: pulumi.Output[dict[str, dict[str, str]]]
    """By version and operation: the URL, such as ``https://.../iris-species/v1/predict``."""
    version_headers: pulumi.Output[dict[str, dict[str, str]]]
    """By version: the headers that a call carries to reach it; none unless the model tells versions by a header."""
    operations: pulumi.Output[dict[str, dict[str, str]]]
    """By version and operation: how to call it, such as ``POST https://.../iris-species/v1/predict``."""
    openapi: pulumi.Output[dict[str, str]]
    """By version: the OpenAPI document for consumers, as JSON in a text, which keeps large numbers as they are."""
    smoke_subscriptions: pulumi.Output[dict[str, str]]
    """By version whose calls need a key: the resource id of the subscription of smoke tests.

    Its key is fetched when it is used, and is in no state.
    """


Layer = FoundationOutputs | PlatformOutputs | ModelOutputs
"""What any layer hands on."""


def export(outputs: Layer) -> None:
    """Export each field under its own name."""
    for field in fields(outputs):
        pulumi.export(field.name, getattr(outputs, field.name))
