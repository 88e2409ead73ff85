"""What a copy of a file backend holds, and what it says of one that cannot be read."""

import gzip
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from delivery import stacks, state
from delivery.errors import DeliveryError
from delivery.stored import files

_CHECKPOINT = json.dumps({"version": 3, "checkpoint": {"stack": "organization/model/a.dev", "latest": None}})
_TAGS = json.dumps({"version": 1, "tags": {"revision": "abc"}})


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """A backend with two models and a foundation in two environments, and all else that the engine keeps."""
    root = tmp_path / "backend"
    for name in ("foundation/dev", "foundation/prod", "model/a.dev", "model/b.dev", "model/a.prod"):
        _put(root, f"stacks/{name}.json", _CHECKPOINT)
        _put(root, f"stacks/{name}.json.attrs", "{}")
        _put(root, f"stacks/{name}.json.bak", _CHECKPOINT)
        _put(root, f"locks/organization/{name}/1.json", "{}")
    _put(root, "stacks/model/a.dev.pulumi-tags", _TAGS)
    _put(root, "stacks/model/a.dev.json.1790000000000000000", _CHECKPOINT)
    _put(root, "stacks/model/a.dev.json3.tmp", "{")
    _put(root, "meta.yaml", "version: 1\n")
    return root


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "_PAUSE_SECONDS", 0)


def _put(root: Path, name: str, text: str) -> None:
    file = root / ".pulumi" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_checkpoints_and_tags_are_copied_and_nothing_else(backend: Path, tmp_path: Path) -> None:
    assert state.copy(f"file://{backend}", tmp_path / "copy") == {}
    assert _names(tmp_path / "copy") == {
        ".pulumi/meta.yaml",
        ".pulumi/stacks/foundation/dev.json",
        ".pulumi/stacks/foundation/prod.json",
        ".pulumi/stacks/model/a.dev.json",
        ".pulumi/stacks/model/a.dev.pulumi-tags",
        ".pulumi/stacks/model/a.prod.json",
        ".pulumi/stacks/model/b.dev.json",
    }


def test_one_environment_alone_is_copied_on_request(backend: Path, tmp_path: Path) -> None:
    _put(backend, "stacks/model/dev.json", _CHECKPOINT)
    _put(backend, "stacks/model/a.notdev.json", _CHECKPOINT)
    state.copy(f"file://{backend}", tmp_path / "copy", environment="dev")
    assert "foundation/prod" not in " ".join(_names(tmp_path / "copy"))
    assert _names(tmp_path / "copy" / ".pulumi" / "stacks" / "model") == {
        "a.dev.json", "a.dev.pulumi-tags", "b.dev.json", "dev.json",
    }  # fmt: skip


def test_only_this_user_may_read_a_copy(backend: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    copied.mkdir(mode=0o755)
    state.copy(f"file://{backend}", copied)
    assert stat.S_IMODE(copied.stat().st_mode) == 0o700
    assert stat.S_IMODE((copied / ".pulumi/stacks/model/a.dev.json").stat().st_mode) == 0o600


def test_the_original_is_not_written_and_not_locked(backend: Path, tmp_path: Path) -> None:
    before = {name: (backend / name).read_bytes() for name in _names(backend)}
    state.copy(f"file://{backend}", tmp_path / "copy")
    assert {name: (backend / name).read_bytes() for name in _names(backend)} == before


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_where_nothing_was_ever_deployed_the_copy_is_empty(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    state.reachable(f"file://{tmp_path / folder}")
    assert state.copy(f"file://{tmp_path / folder}", tmp_path / "copy") == {}
    assert (tmp_path / "copy").is_dir()
    assert not (tmp_path / "missing").exists()


def test_a_compressed_checkpoint_is_copied_as_it_is(backend: Path, tmp_path: Path) -> None:
    packed = gzip.compress(_CHECKPOINT.encode(), mtime=0)
    (backend / ".pulumi/stacks/model/c.dev.json.gz").write_bytes(packed)
    assert state.copy(f"file://{backend}", tmp_path / "copy") == {}
    assert (tmp_path / "copy/.pulumi/stacks/model/c.dev.json.gz").read_bytes() == packed


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("b.dev.json", b"", "is not whole"),
        ("b.dev.json", _CHECKPOINT[:30].encode(), "is not whole"),
        ("b.dev.json", b"\xff\xfe", "is not whole"),
        ("b.dev.json", b"{}", "lacks `checkpoint`"),
        ("b.dev.json", b"[]", "lacks `checkpoint`"),
        ("b.dev.json.gz", gzip.compress(_CHECKPOINT.encode(), mtime=0)[:-9], "is not whole"),
        ("b.dev.json.zst", b"\x28\xb5\x2f\xfd", "is compressed with zstd"),
        ("b.dev.pulumi-tags", b"{", "is not whole"),
    ],
)
def test_only_the_stack_whose_file_is_damaged_is_refused(
    backend: Path, tmp_path: Path, name: str, content: bytes, fault: str
) -> None:
    (backend / ".pulumi/stacks/model" / name).write_bytes(content)
    damaged = state.copy(f"file://{backend}", tmp_path / "copy")
    assert list(damaged) == [stacks.model("b", "dev")]
    error = damaged[stacks.model("b", "dev")]
    assert error.file == f".pulumi/stacks/model/{name}"
    assert f"The state of model/b.dev is damaged ({error.file} {fault}" in str(error)
    assert (tmp_path / "copy" / ".pulumi/stacks/model/a.dev.json").is_file()
    # An engine must not take the stack for one that is new.
    assert (tmp_path / "copy" / error.file).read_bytes() == content


def test_the_last_good_checkpoint_is_looked_for(backend: Path, tmp_path: Path) -> None:
    def told() -> str:
        return str(state.copy(f"file://{backend}", tmp_path / "copy")[stacks.model("a", "dev")])

    _put(backend, "stacks/model/a.dev.json", "{")
    assert "The last good one is .pulumi/stacks/model/a.dev.json.bak: copy it over" in told()
    _put(backend, "stacks/model/a.dev.json.bak", "{")
    assert (
        "Neither .pulumi/stacks/model/a.dev.json.bak nor .pulumi/backups/model/a.dev holds a good one"
        in told()
    )
    for moment, text in (
        ("1790000000000000001", _CHECKPOINT),
        ("1790000000000000002", _CHECKPOINT),
        ("1790000000000000003", ""),
    ):
        _put(backend, f"backups/model/a.dev/a.dev.{moment}.json", text)
    assert "The last good one is .pulumi/backups/model/a.dev/a.dev.1790000000000000002.json" in told()
    assert "`./dev refresh --env dev`" in told()


def test_a_damaged_layout_file_refuses_the_whole_backend(backend: Path, tmp_path: Path) -> None:
    _put(backend, "meta.yaml", "")
    with pytest.raises(DeliveryError, match=r"meta\.yaml of the state backend is damaged"):
        state.copy(f"file://{backend}", tmp_path / "copy")


def test_a_checkpoint_that_is_half_written_is_read_again(
    backend: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = backend / ".pulumi/stacks/model/a.dev.json"
    checkpoint.write_text("{")
    monkeypatch.setattr("delivery.state.sleep", lambda _: checkpoint.write_text(_CHECKPOINT))
    assert state.copy(f"file://{backend}", tmp_path / "copy") == {}
    assert (tmp_path / "copy/.pulumi/stacks/model/a.dev.json").read_text() == _CHECKPOINT


def test_every_checkpoint_is_whole_while_others_replace_them(backend: Path, tmp_path: Path) -> None:
    file = backend / ".pulumi/stacks/model/a.dev.json"
    ended = threading.Event()

    def deploy() -> None:
        for size in range(10**9):
            content = {"checkpoint": {"latest": {"filler": "x" * (size % 50_000)}}}
            unfinished = file.with_name("a.dev.json.1.tmp")
            unfinished.write_text(json.dumps(content))
            unfinished.replace(file)
            if ended.is_set():
                return

    deploying = threading.Thread(target=deploy)
    deploying.start()
    try:
        for number in range(50):
            copied = tmp_path / str(number)
            assert state.copy(f"file://{backend}", copied) == {}
            assert "checkpoint" in json.loads((copied / ".pulumi/stacks/model/a.dev.json").read_text())
    finally:
        ended.set()
        deploying.join()


class _Vanishing(files.Files):
    """A backend in which a stack is removed after it was listed, and another one is made."""

    def read(self, name: str) -> bytes:
        if name.endswith("b.dev.json"):
            (self._root / name).unlink(missing_ok=True)
            _put(self._root, "stacks/model/new.dev.json", _CHECKPOINT)
        return super().read(name)


def test_a_stack_that_is_removed_meanwhile_is_left_out(
    backend: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "Files", _Vanishing)
    assert state.copy(f"file://{backend}", tmp_path / "copy") == {}
    model = _names(tmp_path / "copy" / ".pulumi/stacks/model")
    assert "b.dev.json" not in model
    assert "new.dev.json" in model


def test_a_name_that_leads_elsewhere_is_no_stack(
    backend: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(backend, "outside.json", _CHECKPOINT)
    monkeypatch.setattr(files.Files, "names", lambda _self, _folder: [".pulumi/stacks/../outside.json"])
    assert state.copy(f"file://{backend}", tmp_path / "copy") == {}
    assert _names(tmp_path / "copy") == {".pulumi/meta.yaml"}


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("s3://bucket", "is of no kind that is used here"),
        ("azblob://state", "names no account"),
        ("azblob://state?storage_account=a&region=x", "has no option `region`"),
        ("file://{file}", "is a file"),
    ],
)
def test_a_wrong_backend_is_told(tmp_path: Path, url: str, sentence: str) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DeliveryError, match=sentence):
        state.reachable(url.format(file=file), variables={})


def test_a_file_backend_loads_nothing_of_azure(backend: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from delivery import state\n"
        f"state.copy('file://{backend}', Path('{tmp_path}/copy'))\n"
        "print([name for name in sys.modules if name.startswith('azure')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.strip() == "[]"
