"""Where consumers find the operations of a model, and what describes them."""

from collections.abc import Mapping

import pulumi

from shared.contracts.contract import Contract
from shared.model.description import ModelDescription
from shared.model.publication import openapi_documents


def operation_urls(
    gateway_url: pulumi.Input[str], model: str, contracts: Mapping[str, Contract]
) -> pulumi.Output[dict[str, dict[str, str]]]:
    """Return, by version and operation, the URL on the gateway."""
    return pulumi.Output.from_input(gateway_url).apply(lambda gateway: _urls(gateway, model, contracts))


def operation_calls(
    gateway_url: pulumi.Input[str], model: str, contracts: Mapping[str, Contract]
) -> pulumi.Output[dict[str, dict[str, str]]]:
    """Return, by version and operation, method and URL as people write them: ``POST https://...``."""
    return operation_urls(gateway_url, model, contracts).apply(lambda urls: _with_methods(urls, contracts))


def openapi(
    gateway_url: pulumi.Input[str],
    model: str,
    description: ModelDescription,
    contracts: Mapping[str, Contract],
    tenant_id: str,
) -> pulumi.Output[dict[str, str]]:
    """Return, by version, the OpenAPI document, as JSON in a text."""
    return pulumi.Output.from_input(gateway_url).apply(
        lambda gateway: openapi_documents(model, description, contracts, gateway, tenant_id)
    )


def _urls(gateway: str, model: str, contracts: Mapping[str, Contract]) -> dict[str, dict[str, str]]:
    return {
        version: {
            operation.name: f"{gateway.rstrip('/')}/{model}/{version}{operation.url_template}"
            for operation in contract.operations
        }
        for version, contract in contracts.items()
    }


def _with_methods(
    urls: Mapping[str, Mapping[str, str]], contracts: Mapping[str, Contract]
) -> dict[str, dict[str, str]]:
    return {
        version: {
            operation.name: f"{operation.method} {urls[version][operation.name]}"
            for operation in contract.operations
        }
        for version, contract in contracts.items()
    }
