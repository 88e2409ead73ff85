"""Who should look at a stack."""

from pathlib import Path

import pytest

from delivery import stacks
from delivery.drift.owners import owner

_ROOT = Path(__file__).parents[4]


def test_a_models_owner_is_in_its_description() -> None:
    assert owner(stacks.model("iris-species", "dev"), _ROOT) == "plant-science@contoso.example"


@pytest.mark.parametrize("stack", [stacks.foundation("prod"), stacks.platform("prod")])
def test_a_layers_owner_is_in_its_settings(stack: stacks.StackId) -> None:
    assert owner(stack, _ROOT) == "ml-platform@contoso.example"


@pytest.mark.parametrize("stack", [stacks.model("gone", "dev"), stacks.platform("gone")])
def test_nobody_owns_what_the_repository_does_not_have(stack: stacks.StackId) -> None:
    assert owner(stack, _ROOT) == ""
