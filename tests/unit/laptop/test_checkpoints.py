"""The checkpoint from before an update comes back when the update left none that can be read."""

import json
import socket
from pathlib import Path

import pytest

from delivery import stacks
from laptop.checkpoints import keep, mend, remove_damaged
from laptop.errors import LaptopError
from laptop.layout import Layout

_STACK = stacks.platform("local")
_WHOLE = json.dumps({"version": 3, "checkpoint": {"latest": {}}})


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


@pytest.fixture
def checkpoint(layout: Layout) -> Path:
    file = layout.backend / ".pulumi" / "stacks" / "platform" / "local.json"
    file.parent.mkdir(parents=True)
    return file


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.mark.parametrize("damaged", ["", _WHOLE[:20], "[]", '{"layout": 2}'])
def test_a_checkpoint_that_an_update_damaged_is_put_back(
    layout: Layout, checkpoint: Path, told: list[str], damaged: str
) -> None:
    checkpoint.write_text(_WHOLE)
    keep(layout, _STACK)
    checkpoint.write_text(damaged)
    checkpoint.with_name("local.json.bak").write_text(damaged)
    mend(layout, _STACK, told.append)
    assert checkpoint.read_text() == _WHOLE
    assert [file.name for file in checkpoint.parent.iterdir()] == ["local.json"]
    assert told == ["putting back the checkpoint from before an update that was cut off"]


def _written(second: float) -> str:
    manifest = {"time": f"2026-11-24T08:25:{second:012.9f}Z"}
    return json.dumps({"version": 3, "checkpoint": {"latest": {"manifest": manifest}}})


@pytest.mark.parametrize(("kept", "of_the_engine"), [(1, 2), (2, 1), (1.5, 1.25)])
def test_of_two_copies_the_newer_one_is_put_back(
    layout: Layout, checkpoint: Path, told: list[str], kept: float, of_the_engine: float
) -> None:
    checkpoint.write_text(_written(kept))
    keep(layout, _STACK)
    checkpoint.with_name("local.json.bak").write_text(_written(of_the_engine))
    checkpoint.write_text("{")
    mend(layout, _STACK, told.append)
    assert checkpoint.read_text() == _written(max(kept, of_the_engine))


def test_the_engines_copy_is_put_back_where_the_stack_was_new(
    layout: Layout, checkpoint: Path, told: list[str]
) -> None:
    keep(layout, _STACK)
    checkpoint.with_name("local.json.bak").write_text(_WHOLE)
    checkpoint.write_text("{")
    mend(layout, _STACK, told.append)
    assert checkpoint.read_text() == _WHOLE


def test_a_first_checkpoint_that_is_damaged_is_forgotten(
    layout: Layout, checkpoint: Path, told: list[str]
) -> None:
    keep(layout, _STACK)
    checkpoint.write_text("{")
    mend(layout, _STACK, told.append)
    assert list(checkpoint.parent.iterdir()) == []
    assert told == ["forgetting the damaged checkpoint of a first update that was cut off"]


def test_a_damaged_checkpoint_of_which_nothing_is_kept_stays(
    layout: Layout, checkpoint: Path, told: list[str]
) -> None:
    checkpoint.write_text("{")
    with pytest.raises(LaptopError, match=r"local\.json is damaged, .*`\./dev local reset` starts afresh"):
        mend(layout, _STACK, told.append)
    assert checkpoint.read_text() == "{"
    assert told == []


def test_a_checkpoint_that_can_be_read_stays_whatever_was_kept(
    layout: Layout, checkpoint: Path, told: list[str]
) -> None:
    keep(layout, _STACK)
    checkpoint.write_text(_WHOLE)
    mend(layout, _STACK, told.append)
    assert checkpoint.read_text() == _WHOLE
    assert told == []


def test_a_forgotten_checkpoint_takes_the_lock_of_its_ended_engine_along(
    layout: Layout, checkpoint: Path, told: list[str]
) -> None:
    locks = layout.backend / ".pulumi" / "locks" / "organization" / "platform" / "local"
    locks.mkdir(parents=True)
    (locks / "1.json").write_text(json.dumps({"pid": 4194305, "hostname": socket.gethostname()}))
    keep(layout, _STACK)
    checkpoint.write_text("{")
    mend(layout, _STACK, told.append)
    assert list(layout.backend.rglob("*.json")) == []


def test_small_files_of_the_engine_that_are_damaged_are_removed(layout: Layout, told: list[str]) -> None:
    backend, home = layout.backend / ".pulumi", layout.pulumi_home
    damaged = {
        home / "credentials.json": "{",
        home / "workspaces" / "platform-1.json": "",
        backend / "locks" / "organization" / "platform" / "local" / "1.json": "",
        backend / "locks" / "organization" / "platform" / "local" / "2.json.18eafa96.tmp": "",
        backend / "stacks" / "platform" / "local.json.attrs": "",
        backend / "meta.yaml": "",
    }
    whole = {home / "workspaces" / "foundation-1.json": '{"stack": "local"}'}
    for file, text in (damaged | whole).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    remove_damaged(layout, told.append)
    assert (backend / "meta.yaml").read_text() == "version: 1\n"
    kept = {file for file in layout.local.rglob("*") if file.is_file()}
    assert kept == {*whole, backend / "meta.yaml"}
    assert len(told) == len(damaged)


def test_what_a_killed_engine_was_writing_of_a_stack_is_removed_once_it_is_free(
    layout: Layout, checkpoint: Path
) -> None:
    home = layout.backend / ".pulumi"
    lock = home / "locks" / "organization" / "platform" / "local" / "1.json"
    other = checkpoint.with_name("other.json.1.tmp")
    unfinished = {
        checkpoint.with_name("local.json.1.tmp"),
        checkpoint.with_name("local.json.bak.18eafa91.tmp"),
        home / "backups" / "platform" / "local" / "local.1.json.1.tmp",
        home / "history" / "platform" / "local" / "local-1.history.json.1.tmp",
        lock.with_name("1.json.1.tmp"),
        home / "meta.yaml.18eb14c7c82fab65.tmp",
    }
    meta = home / "meta.yaml"
    for file in (checkpoint, other, lock, meta, *unfinished):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_WHOLE)
    keep(layout, _STACK)
    assert all(file.is_file() for file in unfinished)
    lock.unlink()
    keep(layout, _STACK)
    assert {file for file in home.rglob("*") if file.is_file()} == {checkpoint, other, meta}
