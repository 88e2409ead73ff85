"""Azurite, Microsoft's emulator of Azure Storage, as a blob service on loopback.

It is an npm package, pinned by package-lock.json; npm puts it into the user's cache, without running scripts.
"""

import base64
import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from delivery.toolchain import Settings

_HERE = Path(__file__).parent
_PINS = ("package.json", "package-lock.json", ".npmrc")
_LISTENS = "successfully listens on "


@dataclass(frozen=True)
class Azurite:
    """A running blob service with one account."""

    account: str
    key: str
    endpoint: str
    """host:port"""

    def backend(self, container: str) -> str:
        """Return the URL by which Pulumi finds a container of it."""
        return f"azblob://{container}?storage_account={self.account}&domain={self.endpoint}&protocol=http&localemu=true"

    @property
    def variables(self) -> dict[str, str]:
        """The login, as Pulumi and this repository take it from the environment."""
        return {"AZURE_STORAGE_ACCOUNT": self.account, "AZURE_STORAGE_KEY": self.key}

    @property
    def connection_string(self) -> str:
        return (
            f"DefaultEndpointsProtocol=http;AccountName={self.account};AccountKey={self.key};"
            f"BlobEndpoint=http://{self.endpoint}/{self.account};"
        )


def missing() -> str:
    """Return why Azurite cannot run on this machine; empty when it can."""
    absent = [program for program in ("node", "npm") if shutil.which(program) is None]
    return f"Azurite needs {' and '.join(absent)} on PATH" if absent else ""


def installed() -> Path:
    """Return the program, installed into the cache the first time."""
    pins = b"".join((_HERE / name).read_bytes() for name in _PINS)
    cache = Settings.from_environment().cache.with_name("azurite")
    folder = cache / hashlib.sha256(pins).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "lock"):
        if not folder.is_dir():
            unfinished = Path(tempfile.mkdtemp(dir=cache))
            for name in _PINS:
                shutil.copy(_HERE / name, unfinished)
            done = subprocess.run(
                ["npm", "ci"], cwd=unfinished, capture_output=True, text=True, timeout=280, check=False
            )
            assert done.returncode == 0, done.stderr
            unfinished.rename(folder)
    return folder / "node_modules" / ".bin" / "azurite-blob"


@contextmanager
def running(account: str, log: Path) -> Iterator[Azurite]:
    """Serve an account of that name, which has nothing, until the block ends."""
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    listening = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence"]
    with log.open("w") as told:
        server = subprocess.Popen(
            [installed(), *listening, "--skipApiVersionCheck", "--disableTelemetry", "--silent"],
            env={**os.environ, "AZURITE_ACCOUNTS": f"{account}:{key}"},
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            cwd=log.parent,
        )
        try:
            yield Azurite(account, key, _endpoint(server))
        finally:
            server.terminate()
            server.wait(timeout=20)
            if server.stdout:
                server.stdout.close()


def _endpoint(server: "subprocess.Popen[str]") -> str:
    """Return the host and port that the server tells when it is ready."""
    for line in server.stdout or ():
        if _LISTENS in line:
            return line.partition(_LISTENS)[2].strip().removeprefix("http://")
    raise AssertionError("Azurite ended before it listened")
