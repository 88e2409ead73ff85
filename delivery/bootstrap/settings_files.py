"""The three files of an environment that name its secrets provider, and the key that it made.

`encryptedkey` is a key that only the Key Vault can open, so it is no secret: it is committed. The stacks of an
environment share one, so that one can read the secret outputs of another.
"""

import re
from pathlib import Path

from delivery.errors import DeliveryError
from shared.documents import read_yaml

KEY = "encryptedkey"
_PROVIDER = "secretsprovider"
_PROVIDER_LINE = re.compile(rf"^{_PROVIDER}:.*\n", re.MULTILINE)


def sources(environment: str) -> tuple[str, ...]:
    """Return the files' paths in the repository."""
    return (
        f"environments/{environment}.yaml",
        f"stacks/foundation/Pulumi.{environment}.yaml",
        f"stacks/platform/Pulumi.{environment}.yaml",
    )


def check(root: Path, environment: str) -> None:
    """Check that the files fit each other.

    Raises DeliveryError unless they name one secrets provider and one key at most, DocumentError for a wrong file.
    """
    for member in (_PROVIDER, KEY):
        found = _values(root, environment, member)
        named = {value for value in found.values() if value is not None}
        missing = [source for source, value in found.items() if value is None]
        if len(named) > 1:
            raise DeliveryError(
                f"`{member}` differs between {', '.join(found)}: they are of one environment and must have one."
            )
        if missing and member == _PROVIDER:
            raise DeliveryError(
                f"`{_PROVIDER}` is missing in {', '.join(missing)}: let all files have the same."
            )


def key(root: Path, environment: str) -> str | None:
    """Return the key, when one of the files has it."""
    return next((value for value in _values(root, environment, KEY).values() if value), None)


def without_key(root: Path, environment: str) -> tuple[str, ...]:
    """Return the files that do not have it yet."""
    return tuple(source for source, value in _values(root, environment, KEY).items() if value is None)


def write_key(root: Path, environment: str, value: str) -> None:
    """Write the key below the secrets provider into each file that lacks it; all else stays as people wrote it."""
    for source in without_key(root, environment):
        file = root / source
        text = file.read_text(encoding="utf-8")
        written = _PROVIDER_LINE.sub(lambda line: f"{line[0]}{KEY}: {value}\n", text, count=1)
        file.write_text(written, encoding="utf-8")


def _values(root: Path, environment: str, member: str) -> dict[str, str | None]:
    found = {}
    for source in sources(environment):
        content = read_yaml(root / source, source)
        value = content.get(member) if isinstance(content, dict) else None
        found[source] = value if isinstance(value, str) else None
    return found
