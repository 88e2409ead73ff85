"""What a person is told when the machine keeps no more, or lets nobody read or write."""

import errno
import os
import threading
from pathlib import Path

import pytest

from laptop import disk
from laptop.errors import LaptopError
from tests.support.small_disk import small_disk

_ROOM = "make room there and run `./dev local` again"


def _full(file: str | None = None) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *([file] if file else []))


@pytest.mark.parametrize(
    "error",
    [
        _full(),
        _full("/somewhere/file"),
        OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        LaptopError("the local Azure cannot keep its state: database or disk is full"),
        LaptopError("could not be deployed: write /x/y.json: no space left on device"),
    ],
)
def test_whoever_ran_out_of_room_the_folder_and_the_remedy_are_told(tmp_path: Path, error: Exception) -> None:
    told = disk.explain(error, tmp_path)
    assert f"No room is left on the disk of {tmp_path}: {_ROOM}" in told


def test_on_a_full_disk_every_failure_is_one_sentence_about_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=1) as mounted:
        folder = mounted.seen(mounted.folder)
        error = LaptopError("The local Azure did not start.")
        assert disk.explain(error, folder) == "The local Azure did not start."
        mounted.fill()
        assert disk.explain(error, folder).startswith(f"No room is left on the disk of {folder}: {_ROOM}")
        assert "did not start" not in disk.explain(error, folder)


def test_where_room_is_short_nothing_begins(tmp_path: Path) -> None:
    disk.require_room(tmp_path)
    with small_disk(tmp_path / "disk", megabytes=1) as mounted:
        folder = mounted.seen(mounted.folder)
        with pytest.raises(LaptopError, match=f"No room is left on the disk of {folder}"):
            disk.require_room(folder)


def test_a_disk_that_fills_is_noticed(tmp_path: Path) -> None:
    noticed = threading.Event()
    with small_disk(tmp_path / "disk", megabytes=1) as mounted:
        folder = mounted.seen(mounted.folder)
        with disk.watching(folder, noticed.set):
            assert not noticed.is_set()
            mounted.fill()
            assert noticed.wait(timeout=60)


def test_another_refusal_of_the_machine_names_the_file() -> None:
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/clone/.local/run")
    assert disk.explain(error, Path("/clone")) == (
        "/clone/.local/run cannot be read or written (Permission denied): mend that and run `./dev local` again."
    )


def test_an_error_that_is_about_no_file_is_no_sentence() -> None:
    with pytest.raises(ConnectionResetError):
        disk.explain(ConnectionResetError(errno.ECONNRESET, "reset"), Path("/clone"))
