"""Which code runs: a launcher compares the digest of a running server with that of its own files."""

import hashlib
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_PACKAGES = ("local_azure", "shared")


def code_digest() -> str:
    """Return the SHA-256 of the names and contents of all files that the local Azure is made of."""
    digest = hashlib.sha256()
    for path in sorted(path for package in _PACKAGES for path in (_ROOT / package).rglob("*")):
        if path.suffix in {".py", ".json"}:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(_ROOT).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
