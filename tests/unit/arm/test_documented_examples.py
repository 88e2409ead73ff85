"""What the REST reference prints as examples is accepted and comes back equal, for every type of resource."""

import pytest
from pydantic import JsonValue

from local_azure.arm.addresses import parse
from local_azure.arm.types import REGISTRY
from tests.unit.arm.documented_examples import AROUND, ENTITIES, SERVICES, Example
from tests.unit.arm.local_arm import LocalArm
from tests.unit.arm.more_documented_examples import (
    MORE_APIS,
    MORE_AROUND,
    MORE_BACKENDS,
    MORE_SERVICES,
    REFUSED,
)


@pytest.mark.parametrize(
    "chain",
    [
        (*AROUND, *MORE_AROUND),
        (*AROUND, *SERVICES, *MORE_SERVICES),
        (*AROUND, *ENTITIES, *MORE_BACKENDS, *MORE_APIS),
    ],
    ids=["around", "services", "entities"],
)
def test_an_example_is_accepted_and_comes_back_equal(
    arm: LocalArm, chain: tuple[Example, ...], caplog: pytest.LogCaptureFixture
) -> None:
    for example in chain:
        put = arm.put(example.path, example.body)
        for told in (put, arm.get(example.path)):
            missing = _differences(example.body, told, example.hidden, "")
            assert missing == [], example.page
    for example in chain:  # nothing that came after has changed it, and what is told can be sent back
        told = arm.get(example.path)
        assert _differences(example.body, told, example.hidden, "") == [], example.page
    assert caplog.messages == []


def _differences(sent: JsonValue, told: JsonValue, hidden: frozenset[str], where: str) -> list[str]:
    """Return where an answer does not have what was sent; relative ids may come back whole."""
    if isinstance(sent, dict):
        inner = told if isinstance(told, dict) else {}
        return [
            difference
            for name, value in sent.items()
            if name not in hidden
            for difference in _differences(value, inner.get(name), hidden, f"{where}.{name}")
        ]
    if isinstance(sent, list) and isinstance(told, list):
        return [
            f"{where}[{index}]: {value} is not in {told}"
            for index, value in enumerate(sent)
            if all(_differences(value, other, hidden, "") for other in told)
        ]
    is_same_id = isinstance(sent, str) and isinstance(told, str) and sent[:1] == "/" and told.endswith(sent)
    return [] if sent == told or is_same_id else [f"{where}: {sent!r} came back as {told!r}"]


def test_every_type_has_an_example() -> None:
    shown = {parse(example.path) for example in (*AROUND, *SERVICES, *ENTITIES)}
    names = {address.type.lower() for address in shown if address is not None}
    # Members of a product are put without a body: see the test of both views of a product's APIs.
    assert {entry.name.lower() for entry in REGISTRY.all() if not entry.membership} == names


@pytest.mark.parametrize(("example", "sentence"), REFUSED, ids=lambda part: getattr(part, "page", ""))
def test_an_example_that_the_gateway_could_not_execute_is_refused(
    arm: LocalArm, example: Example, sentence: str
) -> None:
    for around in (*AROUND, *ENTITIES):
        arm.put(around.path, around.body)
    assert sentence in arm.refusal("PUT", example.path, example.body)[2]
