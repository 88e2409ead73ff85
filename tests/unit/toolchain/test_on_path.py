import os
from collections.abc import Callable
from pathlib import Path

import pytest

from delivery.toolchain import Settings, Source, ToolchainError, ensure, environment, on_path

WriteProgram = Callable[[Path, str], Path]


def install(folder: Path, version: str, write_program: WriteProgram) -> None:
    write_program(folder / "pulumi", f"echo {version}")
    write_program(folder / "pulumi-language-python", "exit 0")
    write_program(folder / "pulumi-language-python-exec", "exit 0")


@pytest.mark.parametrize("version", ["v3.259.0", "v3.300.1", "3.260.0-alpha.1+dirty"])
def test_a_recent_pulumi_on_path_is_used_and_nothing_is_obtained(
    version: str, settings: Settings, tmp_path: Path, write_program: WriteProgram
) -> None:
    install(tmp_path / "bin", version, write_program)
    told: list[str] = []

    toolchain = ensure(told.append, settings)

    assert (toolchain.bin, toolchain.source) == (tmp_path / "bin", Source.PATH)
    assert toolchain.version == version.removeprefix("v")
    assert not told
    assert not settings.cache.exists()


@pytest.mark.parametrize("version", ["v3.258.9", "v3.259.0-beta.1", "v2.300.0", "v4.0.0", "unknown"])
def test_another_version_on_path_is_refused(
    version: str, tmp_path: Path, write_program: WriteProgram
) -> None:
    install(tmp_path, version, write_program)
    expected = (
        rf"{tmp_path}/pulumi is version {version.removeprefix('v')}, 3\.259\.0 or a newer 3\.x is needed"
    )

    with pytest.raises(ToolchainError, match=expected):
        on_path.find(str(tmp_path))


def test_a_pulumi_that_does_not_run_is_refused(tmp_path: Path, write_program: WriteProgram) -> None:
    install(tmp_path, "v3.259.0", write_program)
    write_program(tmp_path / "pulumi", "exit 127")

    with pytest.raises(ToolchainError, match="does not tell its version"):
        on_path.find(str(tmp_path))


def test_the_language_host_may_stand_elsewhere_on_path(tmp_path: Path, write_program: WriteProgram) -> None:
    install(tmp_path / "one", "v3.259.0", write_program)
    install(tmp_path / "two", "v3.259.0", write_program)
    (tmp_path / "one" / "pulumi-language-python").unlink()

    toolchain = on_path.find(os.pathsep.join([str(tmp_path / "one"), str(tmp_path / "two")]))

    assert toolchain.bin == tmp_path / "one"


@pytest.mark.parametrize("missing", ["pulumi-language-python", "pulumi-language-python-exec"])
def test_a_pulumi_without_its_python_programs_is_refused(
    missing: str, tmp_path: Path, write_program: WriteProgram
) -> None:
    install(tmp_path, "v3.259.0", write_program)
    (tmp_path / missing).unlink()

    with pytest.raises(ToolchainError, match=rf"{missing} beside it"):
        on_path.find(str(tmp_path))


def test_the_order_of_path_stays_when_pulumi_is_on_it(
    settings: Settings, tmp_path: Path, write_program: WriteProgram
) -> None:
    install(tmp_path / "bin", "v3.259.0", write_program)
    toolchain = ensure(lambda _: None, settings)

    assert environment(toolchain, "first:second") == {"PATH": "first:second"}
