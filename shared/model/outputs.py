"""What the stack of a model exports."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from shared.contracts.contract import Contract
from shared.layers import ModelOutputs
from shared.model.addresses import Addresses
from shared.model.api import VersionedApi
from shared.model.description import ModelDescription
from shared.model.publication import openapi_documents
from shared.model.urls import operation_calls, operation_urls
from shared.model.version_set import VersionSet


@dataclass(frozen=True)
class DeployedModel:
    """A model, and what its program has registered for it."""

    model: str
    """The model's name."""
    description: ModelDescription
    """The model as it is in this environment."""
    contracts: Mapping[str, Contract]
    """The contract of each version."""
    version_set: VersionSet
    """What makes the versions one API."""
    apis: Mapping[str, VersionedApi]
    """The API of each version."""


def model_outputs(deployed: DeployedModel, gateway_url: pulumi.Output[str], tenant_id: str) -> ModelOutputs:
    """Return what people and tools are told of the versions: where to call them, and what they are in Azure."""
    model, description, contracts = deployed.model, deployed.description, deployed.contracts
    addresses = Addresses(model, description.versioning)
    return ModelOutputs(
        gateway_url=gateway_url,
        version_set_id=deployed.version_set.version_set_id,
        api_ids=pulumi.Output.all(**{version: api.api_id for version, api in deployed.apis.items()}),
        endpoints=pulumi.Output.from_input(
            {version: dict(api.endpoints) for version, api in deployed.apis.items() if api.endpoints}
        ),
        operation_urls=operation_urls(gateway_url, addresses, contracts),
        operations=operation_calls(gateway_url, addresses, contracts),
        version_headers=pulumi.Output.from_input(
            {version: dict(addresses.headers(version)) for version in contracts}
        ),
        openapi=gateway_url.apply(
            lambda gateway: openapi_documents(model, description, contracts, gateway, tenant_id)
        ),
        smoke_subscriptions=_smoke_subscriptions(deployed.apis),
    )


def _smoke_subscriptions(apis: Mapping[str, VersionedApi]) -> pulumi.Output[dict[str, str]]:
    known = {
        version: api.smoke_subscription_id
        for version, api in apis.items()
        if api.smoke_subscription_id is not None
    }
    return pulumi.Output.all(**known).apply(dict)  # of nothing, it is a list
