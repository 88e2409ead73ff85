"""The second way: the official release.

The archive comes from get.pulumi.com and its SHA-256 from the release's page on github.com: two origins, so
that one of them alone cannot hand out another program. A digest in `pins.DIGESTS` wins over that one.
"""

import hashlib
import platform
import re
import shutil
import sys
import tarfile
from pathlib import Path

import httpx

from delivery.toolchain import pins
from delivery.toolchain.model import CLI, Report, ToolchainError
from delivery.toolchain.settings import Settings

READ_SECONDS = 30.0
SYSTEMS = {"linux": "linux", "darwin": "darwin"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def obtain(work: Path, settings: Settings, report: Report) -> None:
    """Download, verify and unpack the release into `work`; ToolchainError tells what went wrong."""
    archive = archive_name(sys.platform, platform.machine())
    timeout = httpx.Timeout(READ_SECONDS, connect=settings.connect_timeout)
    try:
        with httpx.Client(timeout=timeout, follow_redirects=True) as client:
            wanted = settings.digests.get(archive) or published_digest(client, settings, archive)
            report(f"Downloading {settings.archives}/{archive}.")
            got = download(client, f"{settings.archives}/{archive}", work / archive, report)
    except httpx.HTTPStatusError as error:
        raise ToolchainError(f"{error.request.url} answers {error.response.status_code}") from error
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise ToolchainError(f"{error.request.url} cannot be reached ({reason})") from error
    if got != wanted:
        raise ToolchainError(
            f"{archive} has SHA-256 {got}, not {wanted}: it was changed on its way and is refused"
        )
    unpack(work / archive, work)
    (work / archive).unlink()


def archive_name(system: str, machine: str) -> str:
    """Name the release's archive for an operating system and a machine."""
    if system not in SYSTEMS or machine.lower() not in MACHINES:
        raise ToolchainError(f"there is none for {system} on {machine}")
    return f"pulumi-v{pins.VERSION}-{SYSTEMS[system]}-{MACHINES[machine.lower()]}.tar.gz"


def published_digest(client: httpx.Client, settings: Settings, archive: str) -> str:
    """Read the archive's SHA-256 from the release's checksums, lines of sha256sum."""
    address = f"{settings.checksums}/v{pins.VERSION}/pulumi-{pins.VERSION}-checksums.txt"
    answer = client.get(address).raise_for_status()
    line = re.search(rf"^([0-9a-f]{{64}}) [ *]{re.escape(archive)}$", answer.text, re.MULTILINE)
    if line is None:
        raise ToolchainError(f"{address} does not name {archive}")
    return line[1]


def download(client: httpx.Client, address: str, target: Path, report: Report) -> str:
    """Save what an address answers, report every tenth of it, and return its SHA-256."""
    digest = hashlib.sha256()
    with client.stream("GET", address) as answer, target.open("wb") as file:
        answer.raise_for_status()
        total = int(answer.headers.get("content-length", "0"))
        tenths = 0
        for chunk in answer.iter_raw():
            file.write(chunk)
            digest.update(chunk)
            if total and answer.num_bytes_downloaded * 10 // total > tenths:
                tenths = answer.num_bytes_downloaded * 10 // total
                report(f"  {tenths * 10} % of {total / 1e6:.0f} MB")
    return digest.hexdigest()


def unpack(archive: Path, target: Path) -> None:
    """Take the CLI and what concerns Python out of the archive.

    Only the content of regular files with an expected name is taken: no path, link or mode from the archive.
    """
    try:
        with tarfile.open(archive) as files:
            for member in files:
                name = member.name.rpartition("/")[2]
                if name == CLI or re.fullmatch(r"pulumi-[a-z-]*python[a-z-]*", name):
                    content = files.extractfile(member)
                    if content is not None:
                        with (target / name).open("wb") as file:
                            shutil.copyfileobj(content, file)
                        (target / name).chmod(0o755)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ToolchainError(f"{archive.name} cannot be unpacked ({error})") from error
