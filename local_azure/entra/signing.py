"""The key that signs the tokens of one local Azure: made once, kept in its state folder."""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from local_azure.arm.store import StateError

KEY_NAME = "entra-signing-key.pem"

_BITS = 2_048
_EXPONENT = 65_537


def signing_key(folder: Path) -> RSAPrivateKey:
    """Return the key of a state folder that this process has to itself; it is made where there is none.

    Raises StateError when it cannot be read or written, or is no key.
    """
    file = folder / KEY_NAME
    try:
        if not file.exists():
            _write(file, generate_private_key(_EXPONENT, _BITS))
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise StateError(f"The key '{file}' cannot be read or made ({error.strerror}).") from error
    except (ValueError, UnsupportedAlgorithm):
        key = None  # what follows says it; the cause may quote the key
    if not isinstance(key, RSAPrivateKey):
        raise StateError(f"'{file}' is no RSA key any more. Remove it: the next start makes another.")
    return key


def key_id(key: RSAPrivateKey) -> str:
    """Return the name of a key in the headers of tokens; another key has another."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(public).hexdigest()[:32]


def _write(file: Path, key: RSAPrivateKey) -> None:
    """Write a key that nobody else can read, whole or not at all."""
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    part.replace(file)
