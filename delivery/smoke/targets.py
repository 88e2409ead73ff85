"""What there is to call in an environment: what is deployed, as the tree that it was deployed from describes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue, TypeAdapter, ValidationError

from delivery.errors import DeliveryError
from delivery.smoke.call import DeployedVersion, Example, example_of
from delivery.smoke.record import SmokeOutcome, SmokeResult
from delivery.smoke.tokens import WantedToken, wanted_token
from shared import environments
from shared.contracts.contract import Contract
from shared.documents import DocumentError
from shared.model import contracts, description
from shared.model.announcement import Announcement, announcement

_BY_VERSION = TypeAdapter(dict[str, str])
_BY_VERSION_AND_NAME = TypeAdapter(dict[str, dict[str, str]])

Outputs = Mapping[str, JsonValue]
"""What a model's stack exports."""


@dataclass(frozen=True)
class Target:
    """A version that can be called."""

    deployed: DeployedVersion
    owner: str
    contract: Contract
    example: Example
    announced: Announcement | None = None
    """What consumers are told of the version's end; a retired one answers 410."""
    token: WantedToken | None = None
    """The access token that a call needs; None where it needs none."""


def targets(
    environment: str, model: str, outputs: Outputs | None, root: Path
) -> Iterator[Target | SmokeResult]:
    """Yield what to call of a model, and what is not called, with the reason.

    `outputs` are what its stack exports, None where it was never deployed; `root` is the tree whose folder of the model
    is deployed. Raises DeliveryError when the stack exports something else than models do.
    """
    if model not in description.names(root):
        yield _not_called(model, "", "it is deployed, and has no folder in models/")
        return
    try:
        described = description.load(model, environment, root=root)
        contract_of = contracts.load(model, described, root=root)
        token = wanted_token(described.access, environments.load(environment, root).azure.tenant_id)
    except DocumentError as error:
        yield SmokeResult(model=model, version="", outcome=SmokeOutcome.FAILED, reason=str(error))
        return
    deployed = {} if outputs is None else deployed_versions(model, outputs)
    for version in dict.fromkeys([*contract_of, *deployed]):
        if version not in deployed:
            yield _not_called(model, version, f"it is not deployed in {environment}", described.owner)
        elif version not in contract_of:
            reason = f"it is deployed, and models/{model}/model.yaml does not describe it"
            yield _not_called(model, version, reason, described.owner)
        elif (example := example_of(contract_of[version])) is None:
            reason = (
                f"its contract has no example: add `versions.{version}.example` to models/{model}/model.yaml"
            )
            yield _not_called(model, version, reason, described.owner)
        else:
            announced = announcement(model, described, version)
            yield Target(deployed[version], described.owner, contract_of[version], example, announced, token)


def deployed_versions(model: str, outputs: Outputs) -> dict[str, DeployedVersion]:
    """Return the versions of a model that its stack exports; none for one whose first update never ended.

    Raises DeliveryError when it exports something else than models do.
    """
    if "smoke_subscriptions" not in outputs:
        return {}
    try:
        urls = _BY_VERSION_AND_NAME.validate_python(outputs["operation_urls"])
        endpoints = _BY_VERSION_AND_NAME.validate_python(outputs["endpoints"])
        subscriptions = _BY_VERSION.validate_python(outputs["smoke_subscriptions"])
        headers = _BY_VERSION_AND_NAME.validate_python(outputs["version_headers"])
        return {
            version: DeployedVersion(
                model,
                version,
                urls[version],
                endpoints.get(version, {}),
                subscriptions.get(version),
                headers[version],
            )
            for version in urls
        }
    except (KeyError, ValidationError) as error:
        raise DeliveryError(
            f"The stack of {model} does not export what its smoke test needs (operation_urls, version_headers, "
            "endpoints, smoke_subscriptions): deploy it again with `./dev up`."
        ) from error


def _not_called(model: str, version: str, reason: str, owner: str = "") -> SmokeResult:
    return SmokeResult(
        model=model, version=version, outcome=SmokeOutcome.NOT_CALLED, owner=owner, reason=reason
    )
