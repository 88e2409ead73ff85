"""The model server's environment: whole or absent."""

from pathlib import Path

import pytest

from local_azure.model_servers.environment import ensure
from local_azure.model_servers.errors import ModelServerError


def _silent(_doing: str) -> None:
    return None


def test_a_package_that_cannot_be_installed_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    # A file that is not there: no network is asked.
    lock.write_text(f"broken @ file://{tmp_path}/broken-1.0-py3-none-any.whl --hash=sha256:{'0' * 64}\n")
    with pytest.raises(ModelServerError, match="could not be made: `uv pip sync"):
        ensure(lock, tmp_path / "cache", _silent)
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] in ([], [".lock"])


def test_an_empty_lock_gives_an_empty_environment_once(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("")
    told: list[str] = []
    tools = ensure(lock, tmp_path / "cache", told.append)
    assert (tools / "python").exists()
    assert ensure(lock, tmp_path / "cache", told.append) == tools
    assert told == ["installing the model server's environment"]


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("")
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelServerError, match=r"cannot be written .* set XDG_CACHE_HOME"):
        ensure(lock, tmp_path / "file" / "cache", _silent)
