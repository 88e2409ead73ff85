"""The models of this clone: which to deploy, their stack files, and the calls that try them."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from delivery import web
from delivery.errors import DeliveryError
from delivery.files import write_whole
from delivery.management import Management
from delivery.smoke.call import Call, DeployedVersion, Example, example_of
from delivery.smoke.means import call_of
from delivery.smoke.targets import Target, deployed_versions
from delivery.smoke.tokens import wanted_token
from laptop.errors import LaptopError
from local_azure.model_servers import finding, mlflow
from local_azure.model_servers.training import Server
from shared import environments
from shared.contracts.contract import Contract
from shared.contracts.files import named_file
from shared.model import contracts, description
from shared.model.announcement import announcement
from shared.projects import MODEL, model_stack

_TIMEOUT_SECONDS = 10.0


def choose(root: Path, environment: str, only: Sequence[str]) -> tuple[str, ...]:
    """Return the models to deploy in `environment`: those in `only`, or all. Their descriptions are checked.

    Raises DocumentError for an unknown model or a description that is wrong, LaptopError when there is no model.
    """
    chosen = tuple(dict.fromkeys(only)) or description.names(root)
    if not chosen:
        raise LaptopError(
            "There is no model in models/: add a folder with a model.yaml (docs/adding-a-model.md)."
        )
    served = finding.servers_by_model(root / "models")
    for model in chosen:
        described = description.load(model, environment, root=root)
        contract_of = contracts.load(model, described, root=root)
        if model in served:
            for version in described.serving:
                file = named_file(described.versions[version].reference)
                _require_own_server(model, served[model], file, contract_of[version])
    return chosen


def _require_own_server(model: str, server: Server, file: str, contract: Contract) -> None:
    """Check that what this machine serves the model with answers the calls of its contract.

    Raises LaptopError when it does not: calls would reach another model, or none.
    """
    paths = [operation.backend_path for operation in contract.operations]
    if server is Server.MLFLOW:
        if not set(paths) <= mlflow.PATHS:
            raise LaptopError(
                f"models/{model}/{file}: is no MLflow signature, but MLflow's scoring server serves "
                f"models/{model}/server/. Give the version `kind: mlflow` and an MLmodel file as its contract, or add "
                "model-settings.json for MLServer to the folder."
            )
        return
    for path in paths:
        named = path.removeprefix("/v2/models/").partition("/")[0]
        if named != model:
            raise LaptopError(
                f'models/{model}/{file}: `name` is "{named}"; it must be "{model}", under which models/{model}/server/ '
                "is served."
            )


def without_folder(root: Path, environment: str, backend: Path) -> tuple[str, ...]:
    """Return the models that the checkpoints in `backend` know, and the tree does not any more."""
    checkpoints = (backend / ".pulumi" / "stacks" / MODEL).glob(f"*.{environment}.json")
    deployed = {checkpoint.name.removesuffix(f".{environment}.json") for checkpoint in checkpoints}
    return tuple(sorted(deployed - set(description.names(root))))


def render_stack_file(root: Path, model: str, environment: str, endpoint: str | None) -> None:
    """Write the stack file of `model`; an `endpoint` takes the place of the one that model.yaml names."""
    text = environments.render_model_stack(environments.load(environment, root), endpoint=endpoint)
    file = root / "stacks" / MODEL / f"Pulumi.{model_stack(model, environment)}.yaml"
    write_whole(file, text)


def calls(
    root: Path, model: str, environment: str, outputs: Mapping[str, JsonValue], management: Management
) -> tuple[Call, ...]:
    """Return a call for each version of a deployed `model`, from its contracts and its stack's `outputs`.

    Raises LaptopError when a version has no example to call it with, or the local Azure gives no key or token.
    """
    described = description.load(model, environment, root=root)
    contract_of = contracts.load(model, described, root=root)
    deployed = deployed_versions(model, outputs)
    tenant = environments.load(environment, root).azure.tenant_id
    wanted = wanted_token(described.access, tenant)
    found = (
        Target(
            deployed[version],
            described.owner,
            contract,
            _example(deployed[version], contract),
            announcement(model, described, version),
            wanted,
        )
        for version, contract in contract_of.items()
    )
    return tuple(asyncio.run(_call(target, management)) for target in found)


def _example(deployed: DeployedVersion, contract: Contract) -> Example:
    example = example_of(contract)
    if example is None:
        raise LaptopError(f"The contract of {deployed} has no example request to call it with.")
    return example


async def _call(target: Target, management: Management) -> Call:
    async with web.client(_TIMEOUT_SECONDS) as client:
        try:
            return await call_of(target, management, client, pauses=())
        except DeliveryError as error:
            raise LaptopError(
                f"The local Azure gives no access to {target.deployed}: {error}. Its log is .local/logs/azure.log; "
                "`./dev local reset` starts afresh."
            ) from error
