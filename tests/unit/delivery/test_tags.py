"""What is written on stacks, read from files as the engine leaves them in a backend."""

import gzip
import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from delivery import stacks, tags
from delivery.errors import DeliveryError
from delivery.tags import Deployed

IRIS = stacks.model("iris-species", "dev")
_STACK: dict[str, JsonValue] = {"urn": "urn:pulumi:dev::model::pulumi:pulumi:Stack::model-dev"}


def write(
    folder: Path, stack: stacks.StackId, resources: JsonValue = None, written: dict[str, str] | None = None
) -> Path:
    """Write a stack as the engine does; return the file of its tags."""
    checkpoint = folder / ".pulumi" / "stacks" / stack.project / f"{stack.name}.json"
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    latest = {"manifest": {}, **({"resources": resources} if resources else {})}
    checkpoint.write_text(json.dumps({"version": 3, "checkpoint": {"stack": stack.name, "latest": latest}}))
    checkpoint.with_suffix(".json.bak").write_text(checkpoint.read_text())
    checkpoint.with_suffix(".json.attrs").write_text("{}")
    beside = checkpoint.with_suffix(".pulumi-tags")
    if written is not None:
        beside.write_text(json.dumps({"version": 1, "tags": written}))
    return beside


def test_the_stacks_of_a_backend_are_found_with_their_tags(tmp_path: Path) -> None:
    write(tmp_path, IRIS, [_STACK], {"revision": "abc", "inputs": "def"})
    write(tmp_path, stacks.platform("dev"), [_STACK])
    assert tags.deployed(tmp_path) == {
        stacks.platform("dev"): Deployed(stacks.platform("dev"), {}),
        IRIS: Deployed(IRIS, {"revision": "abc", "inputs": "def"}),
    }


def test_a_backend_without_stacks_has_none(tmp_path: Path) -> None:
    assert tags.deployed(tmp_path) == {}


def test_a_stack_that_holds_nothing_is_empty(tmp_path: Path) -> None:
    write(tmp_path, IRIS)
    assert tags.deployed(tmp_path) == {IRIS: Deployed(IRIS, {}, is_empty=True)}


def test_a_stack_that_was_never_updated_is_empty(tmp_path: Path) -> None:
    write(tmp_path, IRIS).with_suffix(".json").write_text('{"version": 0, "checkpoint": {"stack": "x"}}')
    assert tags.deployed(tmp_path)[IRIS].is_empty


def test_another_project_s_stacks_are_not_ours(tmp_path: Path) -> None:
    write(tmp_path, stacks.StackId("shop", "dev"), [_STACK])
    assert tags.deployed(tmp_path) == {}


def test_a_damaged_checkpoint_is_known_as_one_with_its_tags(tmp_path: Path) -> None:
    write(tmp_path, IRIS, [_STACK], {"revision": "abc"}).with_suffix(".json").write_text(
        '{"version": 3, "che'
    )
    assert tags.deployed(tmp_path) == {IRIS: Deployed(IRIS, {"revision": "abc"}, is_damaged=True)}


def test_a_stack_that_is_known_as_damaged_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, IRIS, [_STACK], {}).write_text("{")
    assert tags.deployed(tmp_path, [IRIS]) == {IRIS: Deployed(IRIS, {}, is_damaged=True)}


@pytest.mark.parametrize("resources", [None, [_STACK]])
def test_a_checkpoint_may_be_compressed(tmp_path: Path, resources: JsonValue) -> None:
    plain = write(tmp_path, IRIS, resources, {"revision": "abc"}).with_suffix(".json")
    plain.with_suffix(".json.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert tags.deployed(tmp_path) == {IRIS: Deployed(IRIS, {"revision": "abc"}, is_empty=not resources)}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1, "tags": {"revision": 3}}'])
def test_damaged_tags_are_refused_with_the_way_out(tmp_path: Path, text: str) -> None:
    write(tmp_path, IRIS, [_STACK], {}).write_text(text)
    with pytest.raises(DeliveryError) as caught:
        tags.deployed(tmp_path)
    assert str(caught.value) == (
        "The tags of model/iris-species.dev are damaged: .pulumi/stacks/model/iris-species.dev.pulumi-tags of its "
        "backend is not what `pulumi stack tag set` writes. Remove that file: the stack is deployed again, which "
        "changes only what differs, and writes it anew."
    )
