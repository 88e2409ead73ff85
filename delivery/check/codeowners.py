"""`.github/CODEOWNERS`: who reviews changes of what, from the owners that models name.

GitHub asks the owners of the last line that fits: a team, or a person by the e-mail address of the account.
Source: "About code owners" in GitHub's documentation.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.documents import DocumentError, parse
from shared.environments import REPOSITORY

PATH = ".github/CODEOWNERS"
"""The file in the repository."""

_SETTINGS = "pyproject.toml"
_TABLE = "model-gateway"
_RULE = re.compile(r"/models/(?P<model>[^/\s]+)/ +(?P<owner>\S+)$")
_HEAD = """\
# Written by `./dev check --write` from models/*/model.yaml (`team`, or else `owner`) and pyproject.toml.
# The last line that fits decides.
"""


class _Settings(BaseModel):
    """The project's own table of pyproject.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    platform_team: str = Field(
        alias="platform-team",
        pattern=r"^@[A-Za-z0-9-]+(/[A-Za-z0-9._-]+)?$",
        description="the GitHub team that owns all but the models, such as @contoso/ml-platform",
    )


def platform_team(root: Path = REPOSITORY) -> str:
    """Return the team that owns all but the models. Raises DocumentError when pyproject.toml names none."""
    try:
        document = tomllib.loads((root / _SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DocumentError([f"{_SETTINGS}: cannot be read ({error}). Correct it."]) from error
    table = document.get("tool", {}).get(_TABLE, {})
    return parse(_Settings, table, f"{_SETTINGS}, [tool.{_TABLE}]").platform_team


def rendered(team: str, owners: Mapping[str, str]) -> str:
    """Return the text of the file: ``team`` owns all but the folders of models, which have ``owners`` by name."""
    rules = {"*": team, **{f"/models/{model}/": owner for model, owner in sorted(owners.items())}}
    width = max(map(len, rules))
    return _HEAD + "".join(f"{pattern:<{width}} {owner}\n" for pattern, owner in rules.items())


def written(root: Path) -> Mapping[str, str]:
    """Return who owns each model as the file says it now, by the model's name; nobody where there is no file."""
    path = root / PATH
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = (_RULE.match(line) for line in lines)
    return {rule["model"]: rule["owner"] for rule in found if rule is not None}


def owner_of(document: JsonValue) -> str | None:
    """Return who owns a model, as its description says, checked or not: its team, or else the owner's address."""
    named = [document.get(key) for key in ("team", "owner")] if isinstance(document, dict) else []
    return next((owner for owner in named if isinstance(owner, str) and owner), None)
