"""What a program reads from the layer that it builds on: checked first, then typed like the layer's own exports."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Generic, TypeVar, get_args, get_type_hints

import pulumi
from pulumi.runtime import invoke
from pydantic import JsonValue, TypeAdapter, ValidationError

from shared.documents import shown
from shared.errors import UserError
from shared.layers import Layer

T = TypeVar("T", bound=Layer)

_SEE_FOR_YOURSELF = "Make sure that you are logged in to the environment's backend: pulumi whoami --verbose"


class LayerError(UserError):
    """The layer above was not deployed, or not completely; the text says which stack to deploy."""


class Upstream(Generic[T]):
    """The outputs of a stack that this program builds on."""

    def __init__(self, contract: type[T], stack: str) -> None:
        """Read the outputs of ``stack`` in the project of ``contract``.

        Raises LayerError, before anything is registered, when the stack was never deployed or an output has
        the wrong type, and in an update also when an output is missing. A preview takes a missing output as
        not yet known.
        """
        self._contract = contract
        self._stack = stack
        self._values = check_outputs(
            contract,
            stack,
            _stored_outputs(self._reference_name),
            unknown_allowed=pulumi.runtime.is_dry_run(),
        )

    @property
    def _reference_name(self) -> str:
        return f"{pulumi.get_organization()}/{self._contract.project}/{self._stack}"

    def known(self, output: str) -> JsonValue:
        """Return what an output holds now, for checks before anything is registered, or None."""
        return self._values.get(output)

    def outputs(self) -> T:
        """Return the outputs, read through a StackReference; one that has no value yet is unknown."""
        reference = pulumi.StackReference(self._reference_name)
        values: dict[str, pulumi.Output[Any]] = {
            field.name: reference.require_output(field.name)
            if field.name in self._values
            else pulumi.Output.from_input(pulumi.UNKNOWN)
            for field in fields(self._contract)
        }
        return self._contract(**values)


def check_outputs(
    contract: type[T], stack: str, stored: Mapping[str, JsonValue], *, unknown_allowed: bool
) -> dict[str, JsonValue]:
    """Return those stored outputs that the contract names.

    Raises LayerError when one has the wrong type, or is missing although ``unknown_allowed`` is False.
    """
    types = {name: get_args(hint) for name, hint in get_type_hints(contract).items()}
    names = [field.name for field in fields(contract)]
    missing = [f"`{name}`" for name in names if name not in stored and not unknown_allowed]
    if len(missing) == len(names):
        raise _never_deployed(contract.project, stack)
    problems = [f"it does not export {', '.join(missing)}"] if missing else []
    problems += [
        f"its output `{name}` is {shown(stored[name])}, which has the wrong type"
        for name in names
        if name in stored and not _fits(stored[name], types[name][0])
    ]
    if problems:
        found = f"The stack {stack} of the project {contract.project} is not what this program builds on"
        raise LayerError(f"{found}: {'; '.join(problems)}. {_remedy(contract.project, stack)}")
    return {name: stored[name] for name in names if name in stored}


def _fits(value: JsonValue, expected: type[object]) -> bool:
    try:
        TypeAdapter(expected).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _stored_outputs(reference: str) -> Mapping[str, JsonValue]:
    """Return the outputs in a stack's state.

    The engine answers this call with an error that a program can catch; a StackReference to a stack that was
    never deployed would end the run with the engine's own words.
    """
    try:
        result = invoke("pulumi:pulumi:readStackOutputs", {"name": reference}).value
    except Exception as error:  # The SDK raises nothing narrower when the engine refuses a call.
        _, project, stack = reference.split("/")
        if "unknown stack" in str(error):
            raise _never_deployed(project, stack) from error
        raise LayerError(
            f"The stack {stack} of the project {project} cannot be read: {error}. {_SEE_FOR_YOURSELF}"
        ) from error
    outputs: dict[str, JsonValue] = result["outputs"]
    return outputs


def _never_deployed(project: str, stack: str) -> LayerError:
    return LayerError(
        f"The stack {stack} of the project {project} was never deployed. {_remedy(project, stack)}"
    )


def _remedy(project: str, stack: str) -> str:
    return f"Deploy it first: cd stacks/{project} && pulumi up -s {stack}"
