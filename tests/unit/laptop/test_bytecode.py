"""What is done about bytecode that a full disk cuts off."""

import subprocess
import sys
from pathlib import Path

from laptop import bytecode
from tests.support.small_disk import small_disk


def test_room_is_what_the_disk_has_free(tmp_path: Path) -> None:
    assert bytecode.has_room(tmp_path)
    with small_disk(tmp_path / "disk", megabytes=1) as mounted:
        assert not bytecode.has_room(mounted.seen(mounted.folder))


def test_bytecode_that_was_cut_off_keeps_no_program_from_its_start(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "module.py").write_text("print('loaded')\n")
    start = [sys.executable, "-c", "import package.module"]
    kept = {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    assert subprocess.run(start, env=kept, check=True, capture_output=True).stdout == b"loaded\n"
    (compiled,) = (tmp_path / "package" / "__pycache__").iterdir()
    compiled.write_bytes(compiled.read_bytes()[:-20])
    assert b"EOFError" in subprocess.run(start, env=kept, check=False, capture_output=True).stderr

    bytecode.forget(tmp_path)

    assert subprocess.run(start, env=kept, check=True, capture_output=True).stdout == b"loaded\n"


def test_bytecode_of_an_environment_that_is_linked_stays(tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere" / "__pycache__" / "module.pyc"
    kept.parent.mkdir(parents=True)
    kept.touch()
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / ".venv").symlink_to(kept.parents[1])
    bytecode.forget(clone)
    assert kept.exists()
