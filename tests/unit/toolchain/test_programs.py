"""Programs in Go are built once, from what their modules pin."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from delivery.toolchain import Settings, ToolchainError
from tools import programs

if TYPE_CHECKING:
    from collections.abc import Callable

BUILDS = """
case $1 in
  version) echo "go version go1.99.0 linux/amd64" ;;
  build)
    for last; do :; done
    while [ "$1" != -o ]; do shift; done
    echo "$last" >> "{log}"
    printf '#!/bin/sh\\n' > "$2"
    ;;
esac
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(path=str(tmp_path / "bin"), cache=tmp_path / "cache" / "toolchain", modules=tmp_path)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(f"#!/bin/sh\n{BUILDS.format(log=tmp_path / 'builds')}")
    go.chmod(0o755)
    return tmp_path / "builds"


@pytest.mark.parametrize("program", ["actionlint", "act", "oasdiff"])
def test_a_program_is_built_once(program: str, settings: Settings, log: Path) -> None:
    told: list[str] = []

    first = programs.ensure(program, told.append, settings)
    assert programs.ensure(program, told.append, settings) == first

    assert first.name == program
    assert log.read_text().split() == [programs.PROGRAMS[program].package]
    assert len(told) == 1


def test_a_damaged_program_is_built_anew(settings: Settings, log: Path) -> None:
    report: Callable[[str], object] = str
    programs.ensure("act", report, settings).unlink()

    assert programs.ensure("act", report, settings).is_file()
    assert len(log.read_text().split()) == 2


def test_a_machine_without_go_is_told_what_helps(settings: Settings) -> None:
    bare = replace(settings, path="")

    with pytest.raises(ToolchainError) as error:
        programs.ensure("actionlint", str, bare)

    assert str(error.value) == (
        "actionlint cannot be built: there is no go on PATH, 1.25.0 or newer is needed. "
        "Install Go 1.25.0 or newer (https://go.dev/dl/) and let it reach its modules."
    )
