"""Whether the platform has what a model asks of it, and can hold it.

Before the platform's first deployment there is nothing to compare with.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from shared.azure.capabilities import CAPABILITIES
from shared.azure.skus import Sku
from shared.contracts.contract import Contract
from shared.documents import DocumentError, nearest
from shared.errors import UserError
from shared.projects import PLATFORM


def check_products(named: tuple[str, ...], known: JsonValue, source: str) -> None:
    """Raise DocumentError for a product that the platform does not have.

    ``known`` is the platform's output `product_ids`.
    """
    _check_names("access.products", "products", named, known, source)


def check_tags(named: tuple[str, ...], known: JsonValue, source: str) -> None:
    """Raise DocumentError for a tag that the platform's settings do not name.

    ``known`` is the platform's output `tag_ids`.
    """
    _check_names("tags", "tags", named, known, source)


def _check_names(key: str, kind: str, named: tuple[str, ...], known: JsonValue, source: str) -> None:
    if not isinstance(known, dict):
        return
    every = f"Its {kind} are: {', '.join(sorted(known)) or 'none'}."
    missing = [name for name in named if name not in known]
    if missing:
        raise DocumentError(
            f'{source}: `{key}` names "{name}", which the platform does not have.{nearest(name, known)} {every}'
            for name in missing
        )


def check_breakers(sku: Sku | None) -> None:
    """Raise UserError where the platform's service has no circuit breakers, which every deployment has.

    ``sku`` is the platform's output of that name.
    """
    if sku is not None and not CAPABILITIES[sku].has_circuit_breakers:
        able = ", ".join(name for name, capability in CAPABILITIES.items() if capability.has_circuit_breakers)
        raise UserError(
            f"The API Management service has the SKU {sku}, whose gateway knows no circuit breakers and no "
            f"rate-limit-by-key, and models need both. Deploy the platform with another `sku`: {able}."
        )


def check_named_values(used: frozenset[str], known: JsonValue, environment: str) -> None:
    """Raise UserError for a named value of the policies that the platform does not have.

    ``known`` is the platform's output `named_values`.
    """
    if not isinstance(known, list):
        return
    missing = ", ".join(f"{{{{{name}}}}}" for name in sorted(used.difference(map(str, known))))
    if missing:
        remedy = f"Deploy it first: cd stacks/{PLATFORM} && pulumi up -s {environment}"
        raise UserError(f"Policies of models use {missing}, which the platform does not have. {remedy}")


def check_operations(contracts: Mapping[str, Contract], sku: Sku | None, source: str) -> None:
    """Raise DocumentError for a version with more operations than an API of that tier holds.

    ``source`` is how sentences call the model's description.
    """
    most = None if sku is None else sku.operations_per_api
    if most is None:
        return
    counts = {version: len(contract.operations) for version, contract in contracts.items()}
    remedy = "Leave some out, or choose another tier for the platform."
    problems = [
        f"{source}: the contract of {version} has {count} operations; an API of the tier {sku} holds {most}. {remedy}"
        for version, count in counts.items()
        if count > most
    ]
    if problems:
        raise DocumentError(problems)
