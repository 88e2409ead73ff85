"""The tags on a stack: what is deployed, what was before, and nothing that is not so any more."""

from pathlib import Path

import pytest

from delivery import engine, stacks
from delivery.errors import DeliveryError
from delivery.tagging import Tags, after_update, tagged, while_destroyed
from delivery.tags import UNDER_WAY

_A = {"revision": "a", "inputs": "1", "folder": "f"}


def test_a_first_update_writes_what_is_deployed() -> None:
    tags = after_update({}, "1", "a", "f")
    assert (tags.values, tags.takes_back_inputs, tags.removed) == (_A, False, ())


def test_an_update_to_the_same_is_under_way_too_until_it_has_ended() -> None:
    tags = after_update(_A, "1", "b", "f")
    assert tags.values == {"revision": "b", "inputs": "1"}
    assert tags.takes_back_inputs


def test_another_folder_keeps_the_revision_that_a_rollback_goes_to() -> None:
    tags = after_update(_A, "2", "b", "g")
    assert tags.values == {"previous-revision": "a", "revision": "b", "inputs": "2", "folder": "g"}
    assert tags.takes_back_inputs


def test_other_shared_code_is_nothing_that_a_rollback_goes_back_from() -> None:
    deployed = {**_A, "revision": "b", "folder": "g", "previous-revision": "a"}
    assert after_update(deployed, "3", "c", "g").values == {"revision": "c", "inputs": "3"}


def test_after_an_update_that_failed_the_last_whole_one_is_kept() -> None:
    failed = {**_A, "inputs": UNDER_WAY}
    assert after_update(failed, "3", "c", "h").values["previous-revision"] == "a"
    assert "previous-revision" not in after_update(failed, "1", "c", "f").values


def test_an_update_ends_a_hold_however_it_ends() -> None:
    assert after_update({**_A, "held": "g"}, "2", "c", "h").removed_first == ("held",)


@pytest.mark.parametrize(("inputs", "takes_back"), [("1", True), (UNDER_WAY, False)])
def test_a_stack_that_is_destroyed_does_not_say_any_more_that_it_is_deployed(
    inputs: str, *, takes_back: bool
) -> None:
    assert while_destroyed({**_A, "inputs": inputs}) == Tags({}, takes_back_inputs=takes_back)
    assert while_destroyed({}) == Tags({})


def test_a_layer_has_no_folder() -> None:
    assert after_update({"revision": "a", "inputs": "1"}, "2", "b").values == {"revision": "b", "inputs": "2"}


def test_the_inputs_are_written_last_because_they_say_that_the_rest_is_there() -> None:
    assert list(after_update({"revision": "a", "folder": "f"}, "2", "b", "g").values)[-1] == "inputs"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written on the stack, in order."""
    found: list[str] = []
    monkeypatch.setattr(engine, "set_tag", lambda _, name, value: found.append(f"{name}={value}"))
    monkeypatch.setattr(engine, "remove_tag", lambda _, name: found.append(f"no {name}"))
    return found


_TARGET = engine.Target(stacks.platform("dev"), Path(), {})


def test_inputs_are_taken_back_before_an_update_and_written_after_it(written: list[str]) -> None:
    values = {"revision": "b2", "inputs": "two"}
    tags = Tags(
        values,
        takes_back_inputs=True,
        removed=("previous-revision",),
        first={"held": "h"},
        removed_first=("old",),
    )
    with tagged(_TARGET, tags):
        written.append("update")
    before, after = written[: written.index("update")], written[written.index("update") + 1 :]
    assert before == ["no old", "held=h", "inputs=under way"]
    assert after == ["no previous-revision", "revision=b2", "inputs=two"]


def test_an_update_that_fails_leaves_the_inputs_taken_back(written: list[str]) -> None:
    with (
        pytest.raises(DeliveryError),
        tagged(_TARGET, Tags({"inputs": "two"}, takes_back_inputs=True)),
    ):
        raise DeliveryError("no")
    assert written == ["inputs=under way"]
