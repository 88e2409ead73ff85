"""The models of this clone: which to deploy, their stack files, and the calls that try them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from laptop.arm import Arm
from laptop.call import Call, example_call
from laptop.errors import LaptopError
from shared import environments
from shared.layers import MODEL, model_stack
from shared.model import contracts, description

_BY_VERSION = TypeAdapter(dict[str, str])
_BY_VERSION_AND_OPERATION = TypeAdapter(dict[str, dict[str, str]])


def choose(root: Path, environment: str, only: Sequence[str]) -> tuple[str, ...]:
    """Return the models to deploy in `environment`: those in `only`, or all. Their descriptions are checked.

    Raises DocumentError for an unknown model or a description that is wrong, LaptopError when there is no model.
    """
    chosen = tuple(dict.fromkeys(only)) or description.names(root)
    if not chosen:
        raise LaptopError(
            "There is no model in models/: add a folder with a model.yaml (docs/adding-a-model.md)."
        )
    for model in chosen:
        contracts.load(model, description.load(model, environment, root=root), root=root)
    return chosen


def render_stack_file(root: Path, model: str, environment: str, endpoint: str) -> None:
    """Write the stack file of `model`, with the model server's `endpoint` of this machine."""
    text = environments.render_model_stack(environments.load(environment, root), endpoint=endpoint)
    file = root / "stacks" / MODEL / f"Pulumi.{model_stack(model, environment)}.yaml"
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def calls(
    root: Path, model: str, environment: str, outputs: Mapping[str, JsonValue], arm: Arm
) -> tuple[Call, ...]:
    """Return a call for each version of a deployed `model`, from its contracts and its stack's `outputs`."""
    urls = _BY_VERSION_AND_OPERATION.validate_python(outputs["operation_urls"])
    subscriptions = _BY_VERSION.validate_python(outputs["smoke_subscriptions"])
    described = description.load(model, environment, root=root)
    return tuple(
        example_call(model, version, contract, urls[version], arm.subscription_key(subscriptions[version]))
        for version, contract in contracts.load(model, described, root=root).items()
    )
