"""The tags on a stack: what is deployed, what was before, and nothing that is not so any more."""

from pathlib import Path

import pytest

from delivery import engine, stacks
from delivery.errors import DeliveryError
from delivery.tagging import Tags, after_update, tagged

_DEPLOYED = {"revision": "a1", "inputs": "one"}


def test_a_first_update_writes_the_revision_and_then_the_inputs() -> None:
    tags = after_update({}, "one", "a1")
    assert tags == Tags({"revision": "a1", "inputs": "one"})
    assert list(tags.values) == ["revision", "inputs"], "the last one says that the others are there"


def test_an_update_to_other_inputs_remembers_the_revision_before() -> None:
    tags = after_update(_DEPLOYED, "two", "b2")
    assert tags == Tags(
        {"previous-revision": "a1", "revision": "b2", "inputs": "two"}, takes_back_inputs=True
    )


def test_an_update_to_the_same_inputs_writes_only_the_revision() -> None:
    assert after_update(_DEPLOYED, "one", "b2") == Tags({"revision": "b2"})
    assert after_update(_DEPLOYED, "one", "a1") == Tags({})


def test_an_update_after_one_that_was_cut_off_keeps_the_revision_that_was_deployed_before() -> None:
    cut_off = _DEPLOYED | {"inputs": "under way"}
    assert after_update(cut_off, "two", "b2").values["previous-revision"] == "a1"
    assert not after_update(cut_off, "two", "b2").takes_back_inputs


def test_an_update_ends_a_hold() -> None:
    assert after_update(_DEPLOYED | {"held": "x"}, "two", "b2").removed == ("held",)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written on the stack, in order."""
    found: list[str] = []
    monkeypatch.setattr(engine, "set_tag", lambda _, name, value: found.append(f"{name}={value}"))
    monkeypatch.setattr(engine, "remove_tag", lambda _, name: found.append(f"no {name}"))
    return found


_TARGET = engine.Target(stacks.platform("dev"), Path(), {})


def test_inputs_are_taken_back_before_an_update_and_written_after_it(written: list[str]) -> None:
    with tagged(
        _TARGET, Tags({"revision": "b2", "inputs": "two"}, takes_back_inputs=True, removed=("held",))
    ):
        written.append("update")
    assert written == ["inputs=under way", "update", "no held", "revision=b2", "inputs=two"]


def test_an_update_that_fails_leaves_the_inputs_taken_back(written: list[str]) -> None:
    with (
        pytest.raises(DeliveryError),
        tagged(_TARGET, Tags({"inputs": "two"}, takes_back_inputs=True)),
    ):
        raise DeliveryError("no")
    assert written == ["inputs=under way"]
