"""What models are checked against: the environments, and the platform that each of them is to have."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from delivery import layer_settings, stacks
from shared import environments
from shared.azure.skus import Sku
from shared.environments import Environment, Transport


@dataclass(frozen=True)
class Surroundings:
    """One environment, as far as a model depends on it."""

    transport: Transport
    """How models are called there."""
    products: JsonValue
    """The platform's products by name; None where its settings name none."""
    tags: JsonValue
    """The tags that models may carry, in a list."""
    tenant_id: str
    """The tenant that issues access tokens."""
    sku: Sku | None
    """The tier of the platform's service; None where its settings name none that there is."""


def of_all(root: Path) -> Mapping[str, Surroundings]:
    """Return the surroundings in each environment, in the order of promotion.

    They are what the platform's settings say, for what is deployed only Azure knows. Raises DocumentError when a file
    cannot be read.
    """
    return {
        name: _surroundings(name, environment, root)
        for name, environment in environments.load_all(root).items()
    }


def _surroundings(name: str, environment: Environment, root: Path) -> Surroundings:
    platform = layer_settings.settings(stacks.platform(name), root)
    return Surroundings(
        environment.transport,
        platform.get("products"),
        platform.get("tags") or [],
        environment.azure.tenant_id,
        _sku(platform.get("service")),
    )


def _sku(service: JsonValue) -> Sku | None:
    """Return the tier that settings name. One that there is not is refused by who deploys the platform."""
    named = service.get("sku") if isinstance(service, dict) else None
    return next((sku for sku in Sku if sku == named), None)
