"""The key of a local Azure's tokens."""

import stat
from pathlib import Path

import pytest

from local_azure.arm.store import StateError
from local_azure.entra.signing import KEY_NAME, key_id, signing_key


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = signing_key(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600
    assert key_id(signing_key(tmp_path)) == key_id(first)
    assert [file.name for file in tmp_path.iterdir()] == [KEY_NAME]


def test_every_state_folder_has_a_key_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert key_id(signing_key(tmp_path)) != key_id(signing_key(tmp_path / "other"))


def test_what_a_start_that_was_cut_off_has_left_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / KEY_NAME).with_suffix(".part").write_text("half")
    signing_key(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [KEY_NAME]


@pytest.mark.parametrize("content", ["", "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_is_told_with_a_remedy_and_without_its_content(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_NAME).write_text(content)
    with pytest.raises(StateError, match=r"is no RSA key any more\. Remove it") as caught:
        signing_key(tmp_path)
    assert "secret" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be read or made"):
        signing_key(tmp_path / "missing")
