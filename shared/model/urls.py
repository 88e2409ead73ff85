"""Where consumers find the operations of a model."""

from collections.abc import Mapping

import pulumi

from shared.contracts.contract import Contract
from shared.model.addresses import Addresses


def operation_urls(
    gateway_url: pulumi.Input[str], addresses: Addresses, contracts: Mapping[str, Contract]
) -> pulumi.Output[dict[str, dict[str, str]]]:
    """Return, by version and operation, the URL on the gateway."""
    return pulumi.Output.from_input(gateway_url).apply(lambda gateway: _urls(gateway, addresses, contracts))


def operation_calls(
    gateway_url: pulumi.Input[str], addresses: Addresses, contracts: Mapping[str, Contract]
) -> pulumi.Output[dict[str, dict[str, str]]]:
    """Return, by version and operation, method, URL and header as people write them: ``POST https://...``."""
    urls = operation_urls(gateway_url, addresses, contracts)
    return urls.apply(
        lambda of: {version: _calls(of[version], version, addresses, contracts) for version in of}
    )


def _urls(gateway: str, addresses: Addresses, contracts: Mapping[str, Contract]) -> dict[str, dict[str, str]]:
    return {
        version: {
            operation.name: f"{gateway.rstrip('/')}{addresses.path(version, operation.url_template)}"
            for operation in contract.operations
        }
        for version, contract in contracts.items()
    }


def _calls(
    urls: Mapping[str, str], version: str, addresses: Addresses, contracts: Mapping[str, Contract]
) -> dict[str, str]:
    headers = "".join(f" {name}: {value}" for name, value in addresses.headers(version).items())
    return {
        operation.name: f"{operation.method} {urls[operation.name]}{headers}"
        for operation in contracts[version].operations
    }
