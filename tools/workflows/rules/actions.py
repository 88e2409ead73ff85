"""Rule: an action is one of the table, at its commit, with its version in a comment, and is given inputs it has.

A commit cannot be moved as a tag can. No linter knows which inputs an action has at a commit; a misspelt one is
ignored by GitHub with a warning that nobody reads.
"""

import re
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tools.workflows.documents import Document, Members, mapping, scalar

TABLE = Path(__file__).resolve().parents[1] / "actions.yaml"

_USES = re.compile(r"(?P<action>[^@\s]+)@(?P<ref>\S+)")
_VERSION = re.compile(r"\s#\s*(?P<version>v\d+\.\d+\.\d+)\s*$")


class Action(BaseModel):
    """What is known of an action at the commit to which it is pinned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(pattern=r"^v\d+\.\d+\.\d+$")
    commit: str = Field(pattern=r"^[0-9a-f]{40}$")
    required: tuple[str, ...] = ()
    inputs: tuple[str, ...]
    """The optional ones."""


Table = dict[str, Action]


def read_table(file: Path = TABLE) -> Table:
    """Read the table of pinned actions."""
    return TypeAdapter(Table).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))


def findings(document: Document, table: Table) -> list[str]:
    """Judge every step that uses an action from elsewhere."""
    return [
        f"{document.at(step['uses'])}: {sentence}"
        for step in document.steps
        if "uses" in step and not scalar(step["uses"]).startswith("./")
        for sentence in _judge(document, step, table)
    ]


def _judge(document: Document, step: Members, table: Table) -> list[str]:
    uses = _USES.fullmatch(scalar(step["uses"]))
    action = table.get(uses["action"]) if uses else None
    if uses is None or action is None:
        return [
            f"{scalar(step['uses'])} is not in tools/workflows/actions.yaml: add it, with its commit and inputs"
        ]
    name = uses["action"]
    found = []
    if uses["ref"] != action.commit:
        found.append(f"{name} is not pinned to {action.commit}, which is {action.version}")
    comment = _VERSION.search(document.line(step["uses"]))
    if comment is None or comment["version"] != action.version:
        found.append(f"{name} at this commit is {action.version}: say so in the comment after it")
    given = {key.lower() for key in mapping(step.get("with"))}
    known = {key.lower() for key in (*action.inputs, *action.required)}
    found += [f"{name} has no input {key}" for key in sorted(given - known)]
    found += [f"{name} needs the input {key}" for key in action.required if key.lower() not in given]
    return found
