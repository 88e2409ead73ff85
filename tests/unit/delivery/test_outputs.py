"""What a stack exports, read from its checkpoint."""

import gzip
import json
from pathlib import Path

import pytest

from delivery import outputs, stacks
from delivery.errors import DeliveryError

_STACK = stacks.model("churn", "dev")


def _checkpoint(*resources: object) -> bytes:
    return json.dumps({"version": 3, "checkpoint": {"latest": {"resources": resources}}}).encode()


_WHOLE = _checkpoint(
    {"type": "pulumi:pulumi:Stack", "outputs": {"url": "https://gateway"}},
    {"type": "azure-native:apimanagement:Api", "outputs": {"url": "another"}},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / ".pulumi" / "stacks" / "model"
    made.mkdir(parents=True)
    return made


@pytest.mark.parametrize(
    ("name", "content"), [("churn.dev.json", _WHOLE), ("churn.dev.json.gz", gzip.compress(_WHOLE, mtime=0))]
)
def test_the_stacks_own_outputs_are_read(tmp_path: Path, folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert outputs.read(tmp_path, _STACK) == {"url": "https://gateway"}


def test_a_stack_that_was_never_deployed_has_none(tmp_path: Path, folder: Path) -> None:
    assert outputs.read(tmp_path, _STACK) is None
    (folder / "churn.dev.json").write_bytes(b'{"version": 3, "checkpoint": {"latest": null}}')
    assert outputs.read(tmp_path, _STACK) == {}


@pytest.mark.parametrize("name", ["churn.dev.json", "churn.dev.json.gz"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\x1f\x8bno", _WHOLE[:-3]])
def test_a_damaged_checkpoint_is_a_sentence(tmp_path: Path, folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(DeliveryError, match=r"The checkpoint of model/churn\.dev is damaged: bring back"):
        outputs.read(tmp_path, _STACK)
