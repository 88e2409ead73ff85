"""Small files are whole or as they were."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from delivery.files import write_whole
from tests.support.small_disk import small_disk


def test_a_file_and_its_folder_are_made(tmp_path: Path) -> None:
    write_whole(tmp_path / "run" / "ports.json", "new", mode=0o700)
    (file,) = (tmp_path / "run").iterdir()
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o700


def test_a_file_that_holds_the_text_already_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    write_whole(file, "same")
    os.utime(file, (1, 1))
    write_whole(file, "same")
    assert file.stat().st_mtime == 1


def test_nobody_else_may_read_a_secret_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = list[int]()
    monkeypatch.setattr(Path, "chmod", lambda file, _mode: modes.append(file.stat().st_mode & 0o777))
    write_whole(tmp_path / "key", "secret", mode=0o600)
    assert modes == [0o600]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=1) as disk:
        file = disk.seen(disk.folder) / "run" / "ports.json"
        write_whole(file, "old")
        disk.fill()
        with pytest.raises(OSError, match="No space left"):
            write_whole(file, "new")
        assert [path.name for path in file.parent.iterdir()] == ["ports.json"]
        assert file.read_text() == "old"


def test_what_a_killed_process_left_of_it_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait()
    (tmp_path / f".ports.json.unfinished-{killed.pid}").write_text("n")
    (tmp_path / f".ports.json.unfinished-{os.getppid()}").write_text("n")
    write_whole(tmp_path / "ports.json", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f".ports.json.unfinished-{os.getppid()}",
        "ports.json",
    ]
