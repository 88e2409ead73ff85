import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from delivery.toolchain import Settings, Source, ToolchainError, build, ensure, environment

WriteProgram = Callable[[Path, str], Path]
InstallGo = Callable[[float], Path]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_without_pulumi_and_network_it_is_built(settings: Settings, install_go: InstallGo) -> None:
    install_go(0)
    told: list[str] = []

    toolchain = ensure(told.append, settings)

    assert toolchain.source is Source.BUILD
    assert toolchain.version == "3.259.0"
    assert names(toolchain.bin) == [
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
    ]
    assert all(os.access(program, os.X_OK) for program in toolchain.bin.iterdir())
    assert told[0] == "No usable Pulumi on PATH: there is no pulumi."
    assert re.fullmatch(
        rf"Not the official release: {settings.checksums}/.* cannot be reached .*refused\)\.", told[1]
    )
    assert told[2].startswith("Building pulumi 3.259.0 with ")


def test_a_silent_network_is_given_up(settings: Settings, install_go: InstallGo, silent_address: str) -> None:
    install_go(0)
    told: list[str] = []
    silent = replace(settings, checksums=silent_address, connect_timeout=0.2)

    assert ensure(told.append, silent).source is Source.BUILD
    assert "timed out" in told[1]


def test_a_silent_network_is_given_up_after_seconds() -> None:
    assert Settings.from_environment().connect_timeout <= 5


def test_what_was_built_is_used_again_in_silence(settings: Settings, install_go: InstallGo) -> None:
    log = install_go(0)
    first = ensure(lambda _: None, settings)
    told: list[str] = []

    assert ensure(told.append, settings) == first
    assert not told
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


def test_other_pins_are_built_anew(settings: Settings, install_go: InstallGo) -> None:
    install_go(0)
    first = ensure(lambda _: None, settings)
    (settings.modules / "language-python" / "go.sum").write_text("changed", encoding="utf-8")

    assert ensure(lambda _: None, settings).bin != first.bin


def test_a_damaged_cache_is_built_anew(settings: Settings, install_go: InstallGo) -> None:
    install_go(0)
    damaged = ensure(lambda _: None, settings).bin / "pulumi-language-python"
    damaged.unlink()

    ensure(lambda _: None, settings)

    assert damaged.exists()


def test_a_long_build_tells_the_time(
    settings: Settings, install_go: InstallGo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "PROGRESS_SECONDS", 0.2)
    install_go(0.5)
    told: list[str] = []

    ensure(told.append, settings)

    assert any(re.fullmatch(r"  \d+ s", line) for line in told)


def test_programs_find_the_built_tool_chain_first(settings: Settings, install_go: InstallGo) -> None:
    install_go(0)
    toolchain = ensure(lambda _: None, settings)

    assert environment(toolchain, "rest") == {"PATH": f"{toolchain.bin}:rest"}


def test_when_all_ways_fail_one_sentence_names_them_and_what_helps(settings: Settings) -> None:
    with pytest.raises(ToolchainError) as failure:
        ensure(lambda _: None, settings)

    sentence = str(failure.value)
    assert "On PATH: there is no pulumi." in sentence
    assert re.search(r"The official release: \S.*Connection refused", sentence)
    assert "A build with Go: there is no go on PATH, 1.25.11 or newer is needed." in sentence
    assert settings.archives in sentence
    assert "install Go 1.25.11 or newer" in sentence
    assert names(settings.cache) == ["lock"]


def test_a_go_too_old_to_fetch_a_newer_one_is_refused(
    settings: Settings, tmp_path: Path, write_program: WriteProgram
) -> None:
    write_program(tmp_path / "bin" / "go", "echo go version go1.19.8 linux/amd64")

    with pytest.raises(ToolchainError, match=r"go is too old \(go version go1\.19\.8 .*1\.25\.11 or newer"):
        ensure(lambda _: None, settings)


def test_a_failed_build_says_what_go_said(
    settings: Settings, tmp_path: Path, write_program: WriteProgram
) -> None:
    body = '[ "$1" = version ] && echo go version go1.25.11 x && exit 0\necho "dial tcp: refused" >&2; exit 1'
    write_program(tmp_path / "bin" / "go", body)

    with pytest.raises(ToolchainError, match=r"go build in .*cli failed: dial tcp: refused"):
        ensure(lambda _: None, settings)


def test_a_cache_that_cannot_be_made_is_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")

    with pytest.raises(ToolchainError, match=r"cache .* cannot be written .*set XDG_CACHE_HOME"):
        ensure(lambda _: None, settings)


def test_the_cache_follows_xdg_and_ignores_a_relative_folder(tmp_path: Path) -> None:
    follows = Settings.from_environment({"XDG_CACHE_HOME": str(tmp_path)})
    ignores = Settings.from_environment({"XDG_CACHE_HOME": "relative"})

    assert follows.cache == tmp_path / "model-gateway" / "toolchain"
    assert ignores.cache == Path.home() / ".cache" / "model-gateway" / "toolchain"


def test_the_pinned_modules_are_where_the_settings_say() -> None:
    modules = Settings.from_environment({}).modules

    assert len(build.fingerprint(modules)) == 12
