import hashlib
import io
import os
import platform
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from delivery.toolchain import Settings, Source, ToolchainError, ensure, release

PROGRAMS = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-language-go")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Write nothing."""


@dataclass(frozen=True)
class Origin:
    """A server with a release, as the two origins lay it out."""

    folder: Path
    archive: Path
    settings: Settings

    def publish(self, digest: str) -> None:
        checksums = self.folder / "v3.259.0" / "pulumi-3.259.0-checksums.txt"
        checksums.parent.mkdir(exist_ok=True)
        lines = [f"{'0' * 64}  another.tar.gz", f"{digest}  {self.archive.name}"]
        checksums.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.archive.read_bytes()).hexdigest()


@pytest.fixture
def origin(tmp_path: Path, settings: Settings) -> Iterator[Origin]:
    folder = tmp_path / "origin"
    folder.mkdir()
    archive = folder / release.archive_name(sys.platform, platform.machine())
    write_archive(archive, [f"pulumi/{name}" for name in PROGRAMS])
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield Origin(folder, archive, replace(settings, archives=address, checksums=address))
    server.shutdown()
    thread.join()
    server.server_close()


def write_archive(path: Path, names: list[str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            content = f"content of {name}".encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def test_the_release_is_downloaded_verified_and_kept(origin: Origin) -> None:
    origin.publish(origin.digest)
    told: list[str] = []

    toolchain = ensure(told.append, origin.settings)

    assert toolchain.source is Source.RELEASE
    assert names(toolchain.bin) == sorted(PROGRAMS[:3])
    assert os.access(toolchain.bin / "pulumi", os.X_OK)
    assert f"Downloading {origin.settings.archives}/{origin.archive.name}." in told
    assert any(line.startswith("  100 % of") for line in told)


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(origin: Origin) -> None:
    origin.publish("1" * 64)

    with pytest.raises(ToolchainError, match=f"has SHA-256 {origin.digest}, not {'1' * 64}"):
        ensure(lambda _: None, origin.settings)
    assert names(origin.settings.cache) == ["lock"]


def test_a_pinned_digest_wins_over_the_published_one(origin: Origin) -> None:
    origin.publish(origin.digest)
    pinned = replace(origin.settings, digests={origin.archive.name: "2" * 64})

    with pytest.raises(ToolchainError, match=f"not {'2' * 64}"):
        ensure(lambda _: None, pinned)


def test_a_pinned_digest_needs_no_published_one(origin: Origin) -> None:
    pinned = replace(origin.settings, digests={origin.archive.name: origin.digest})

    assert ensure(lambda _: None, pinned).source is Source.RELEASE


def test_an_archive_without_a_checksum_is_refused(origin: Origin) -> None:
    origin.publish(origin.digest)
    (origin.folder / "v3.259.0" / "pulumi-3.259.0-checksums.txt").write_text("", encoding="utf-8")

    with pytest.raises(ToolchainError, match=f"does not name {origin.archive.name}"):
        ensure(lambda _: None, origin.settings)


def test_an_answer_that_is_no_success_is_a_reason(origin: Origin) -> None:
    with pytest.raises(ToolchainError, match=r"checksums\.txt answers 404"):
        ensure(lambda _: None, origin.settings)


def test_an_archive_cannot_write_outside_its_folder(origin: Origin, tmp_path: Path) -> None:
    write_archive(origin.archive, ["../../pulumi", *(f"/{name}" for name in PROGRAMS[1:])])
    origin.publish(origin.digest)

    toolchain = ensure(lambda _: None, origin.settings)

    assert (toolchain.bin / "pulumi").read_text(encoding="utf-8") == "content of ../../pulumi"
    assert not list(tmp_path.glob("pulumi*"))


def test_an_archive_that_is_none_is_a_reason(origin: Origin) -> None:
    origin.archive.write_bytes(b"not an archive")
    origin.publish(origin.digest)

    with pytest.raises(ToolchainError, match="cannot be unpacked"):
        ensure(lambda _: None, origin.settings)


def test_an_incomplete_archive_is_a_reason(origin: Origin) -> None:
    write_archive(origin.archive, ["pulumi/pulumi"])
    origin.publish(origin.digest)

    with pytest.raises(ToolchainError, match="the result lacks pulumi-language-python, "):
        ensure(lambda _: None, origin.settings)


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", "pulumi-v3.259.0-linux-x64.tar.gz"),
        ("linux", "aarch64", "pulumi-v3.259.0-linux-arm64.tar.gz"),
        ("darwin", "arm64", "pulumi-v3.259.0-darwin-arm64.tar.gz"),
    ],
)
def test_archives_are_named_as_published(system: str, machine: str, name: str) -> None:
    assert release.archive_name(system, machine) == name


def test_a_machine_without_a_release_is_a_reason() -> None:
    with pytest.raises(ToolchainError, match="there is none for linux on riscv64"):
        release.archive_name("linux", "riscv64")
