"""The GitHub repository whose workflows may log in."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from delivery.errors import DeliveryError

_PART = r"[A-Za-z0-9_.-]+"
_NAMED = re.compile(rf"(?P<owner>{_PART})(?:@(?P<owner_id>\d+))?/(?P<name>{_PART}?)(?:@(?P<name_id>\d+))?")
_REMOTE = re.compile(
    rf"(?:https://|ssh://git@|git@)github\.com[:/](?P<owner>{_PART})/(?P<name>{_PART}?)(?:\.git)?/?"
)


@dataclass(frozen=True)
class Repository:
    """A repository, as the subject of its workflows' tokens names it.

    Repositories that were made or renamed since July 2026 have the ids of owner and repository in it ("Immutable
    subject claims"), so that nobody gets their rights by taking over a name.
    """

    owner: str
    name: str
    ids: tuple[str, str] | None = None
    """The ids of owner and repository, where subjects have them."""

    @property
    def full_name(self) -> str:
        """Return owner/name."""
        return f"{self.owner}/{self.name}"

    def subject(self, environment: str) -> str:
        """Return the subject of the token of a job in an environment of GitHub ("OpenID Connect reference")."""
        if self.ids is None:
            return f"repo:{self.full_name}:environment:{environment}"
        owner, name = self.ids
        return f"repo:{self.owner}@{owner}/{self.name}@{name}:environment:{environment}"

    @property
    def ids_command(self) -> str:
        """Return the command that prints the repository with its ids, as --repository takes it."""
        query = r'"\(.owner.login)@\(.owner.id)/\(.name)@\(.id)"'
        return f"gh api repos/{self.full_name} --jq '{query}'"


def parse(named: str) -> Repository:
    """Return the repository of `--repository`. Raises DeliveryError when it is not of that form."""
    found = _NAMED.fullmatch(named)
    if found is None or bool(found["owner_id"]) != bool(found["name_id"]):
        raise DeliveryError(
            f"--repository {named}: write owner/name, or owner@id/name@id where the repository's tokens have ids."
        )
    ids = (found["owner_id"], found["name_id"]) if found["owner_id"] else None
    return Repository(found["owner"], found["name"], ids)


def of_clone(root: Path) -> Repository:
    """Return the repository that the clone at `root` came from.

    Raises DeliveryError when it has no remote `origin`, or that is not on GitHub.
    """
    command = ["git", "remote", "get-url", "origin"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - git
    found = _REMOTE.fullmatch(done.stdout.strip())
    if found is None:
        raise DeliveryError(
            "Which GitHub repository may log in? The remote `origin` of this clone does not tell: name it as "
            "--repository owner/name."
        )
    return Repository(found["owner"], found["name"])
