"""Which repository, and how it is reached: the variables that GitHub sets in each job."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from delivery.errors import DeliveryError
from delivery.web import is_private

_TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Repository:
    """One repository on GitHub, and the token of who works with it.

    https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """

    name: str
    """`owner/repository`."""
    api_url: str
    """Without a slash at its end, such as https://api.github.com."""
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Take GITHUB_REPOSITORY, GITHUB_API_URL and GITHUB_TOKEN.

        Raises DeliveryError when one of them is missing, or the token would travel in the clear.
        """
        name, token = variables.get("GITHUB_REPOSITORY", ""), variables.get("GITHUB_TOKEN", "").strip()
        if name.count("/") != 1:
            raise DeliveryError(
                "GITHUB_REPOSITORY does not name a repository as owner/name. GitHub sets it in each job; elsewhere set "
                "it yourself."
            )
        if not token:
            raise DeliveryError(
                "GITHUB_TOKEN is not set. Give it to this step: `env: {GITHUB_TOKEN: ${{ github.token }}}`."
            )
        if not _TOKEN.fullmatch(token):  # what refuses the header otherwise prints it, and the token with it
            raise DeliveryError(
                "GITHUB_TOKEN holds what no token does, such as a space or a second line: correct it."
            )
        api_url = variables.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        if not is_private(api_url):
            raise DeliveryError(
                f"GITHUB_API_URL is {api_url}: the token is sent to an https address only. Correct it."
            )
        return cls(name, api_url, token)
