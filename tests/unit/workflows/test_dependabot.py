"""Releases of everything that is locked are proposed, and none at once."""

from pathlib import Path, PurePosixPath

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

ROOT = Path(__file__).resolve().parents[3]
_TREES = ("requirements", "tools", "tests", ".github")
_LOCKED = {"*.in": "pip", "go.mod": "gomod", "package.json": "npm", "action.yml": "github-actions"}


class _Cooldown(BaseModel):
    days: int = Field(alias="default-days")


class _Update(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ecosystem: str = Field(alias="package-ecosystem")
    directory: str = ""
    directories: tuple[str, ...] = ()
    cooldown: _Cooldown

    def covers(self, folder: str, ecosystem: str) -> bool:
        named = (self.directory, *self.directories)
        return self.ecosystem == ecosystem and any(
            PurePosixPath(folder).match(each) for each in named if each
        )


@pytest.fixture(scope="module")
def updates() -> tuple[_Update, ...]:
    document = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    return tuple(_Update.model_validate(each) for each in document["updates"])


def test_each_folder_with_a_lock_is_looked_after(updates: tuple[_Update, ...]) -> None:
    found = {
        (f"/{file.parent.relative_to(ROOT).as_posix()}", ecosystem)
        for tree in _TREES
        for pattern, ecosystem in _LOCKED.items()
        for file in (ROOT / tree).rglob(pattern)
        if not {"node_modules", "workflows"} & set(file.parts)  # stand-ins of actions are no dependencies
    }
    assert len({ecosystem for _, ecosystem in found}) == len(_LOCKED)
    assert {each for each in found if not any(update.covers(*each) for update in updates)} == set()
    assert any(update.covers("/", "github-actions") for update in updates), "the workflows"


def test_a_release_waits_for_a_week(updates: tuple[_Update, ...]) -> None:
    assert min(update.cooldown.days for update in updates) >= 7
