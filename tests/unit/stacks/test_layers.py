from dataclasses import fields
from typing import Any

import pulumi
import pytest

from shared import layers, upstream
from shared.layers import FoundationOutputs, ModelOutputs, PlatformOutputs
from shared.upstream import LayerError, Upstream, check_outputs
from tests.unit.stacks import programs
from tests.unit.stacks.recording import Recording, Registered, Situation, run

_STACK = "organization/foundation/dev"


def _foundation(**changes: Any) -> dict[str, Any]:
    outputs = {field.name: f"the {field.name}" for field in fields(FoundationOutputs)}
    return {name: value for name, value in {**outputs, **changes}.items() if value is not None}


def _consume(outputs: dict[str, Any] | None, *, preview: bool) -> Recording:
    def program() -> None:
        foundation = Upstream(FoundationOutputs, "dev").outputs()
        pulumi.export("vault", foundation.vault_name)
        pulumi.export("subnet", foundation.api_management_subnet_id)

    stored = {} if outputs is None else {_STACK: outputs}
    return run(program, Situation("platform", "dev", preview, stored_outputs=stored))


@pytest.mark.parametrize("preview", [True, False])
def test_what_one_layer_exports_the_next_reads(*, preview: bool) -> None:
    def program() -> None:
        exported = {field.name: pulumi.Output.from_input(field.name) for field in fields(FoundationOutputs)}
        layers.export(FoundationOutputs(**exported))

    exports = run(program, Situation("foundation", "dev", preview)).exports
    assert set(exports) == {field.name for field in fields(FoundationOutputs)}
    assert _consume(exports, preview=preview).exports == {
        "vault": "vault_name",
        "subnet": "api_management_subnet_id",
    }


def test_the_programs_export_what_their_contracts_say() -> None:
    for contract, recording in (
        (FoundationOutputs, programs.foundation()),
        (PlatformOutputs, programs.platform()),
        (ModelOutputs, programs.model()),
    ):
        names = {field.name for field in fields(contract)}
        assert set(recording.exports) == names
        assert set(check_outputs(contract, "local", recording.exports, unknown_allowed=False)) == names


@pytest.mark.parametrize("preview", [True, False])
def test_a_stack_that_was_never_deployed_is_named_with_the_remedy(*, preview: bool) -> None:
    with pytest.raises(LayerError) as caught:
        _consume(None, preview=preview)
    assert str(caught.value) == (
        "The stack dev of the project foundation was never deployed. "
        "Deploy it first: cd stacks/foundation && pulumi up -s dev"
    )


def test_a_stack_that_was_destroyed_counts_as_never_deployed() -> None:
    with pytest.raises(LayerError, match=r"was never deployed\. Deploy it first"):
        _consume({}, preview=False)


def test_a_missing_output_is_unknown_in_a_preview() -> None:
    assert _consume(_foundation(vault_name=None), preview=True).exports == {
        "subnet": "the api_management_subnet_id"
    }


def test_a_missing_output_ends_an_update_with_the_remedy() -> None:
    with pytest.raises(LayerError) as caught:
        _consume(_foundation(vault_name=None, vault_uri=None), preview=False)
    assert str(caught.value) == (
        "The stack dev of the project foundation is not what this program builds on: "
        "it does not export `vault_name`, `vault_uri`. Deploy it first: cd stacks/foundation && pulumi up -s dev"
    )


@pytest.mark.parametrize("preview", [True, False])
def test_an_output_of_the_wrong_type_is_shown(*, preview: bool) -> None:
    with pytest.raises(LayerError, match=r"its output `vault_name` is \[\], which has the wrong type"):
        _consume(_foundation(vault_name=[]), preview=preview)


def test_a_backend_that_cannot_be_read_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("no route to host")

    monkeypatch.setattr(upstream, "invoke", refuse)
    with pytest.raises(LayerError) as caught:
        _consume(_foundation(), preview=False)
    assert str(caught.value) == (
        "The stack dev of the project foundation cannot be read: no route to host. "
        "Make sure that you are logged in to the environment's backend: pulumi whoami --verbose"
    )


def test_nothing_is_registered_before_an_upstream_is_checked() -> None:
    registered: list[Registered] = []
    with pytest.raises(pulumi.RunError, match="was never deployed"):
        programs.platform(stored={}, into=registered)
    assert registered == []


def test_everything_is_registered_after_an_upstream_is_checked() -> None:
    registered: list[Registered] = []
    programs.platform(into=registered)
    assert len(registered) == 23


@pytest.mark.parametrize("stack", ["iris-species", ".dev", "iris-species."])
def test_a_stack_that_is_not_of_a_model_is_refused(stack: str) -> None:
    with pytest.raises(ValueError, match=r"name it <model>\.<environment>, such as"):
        layers.split_model_stack(stack)


def test_the_name_of_a_model_stack_is_taken_apart_as_it_was_made() -> None:
    assert layers.split_model_stack(layers.model_stack("iris-species", "dev")) == ("iris-species", "dev")
