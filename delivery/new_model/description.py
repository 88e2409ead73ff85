"""The text of a new model.yaml."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from pydantic import JsonValue

from delivery.new_model.source import Source
from shared.model import schema


@dataclass(frozen=True)
class Answers:
    """What only people know of a new model."""

    name: str
    """The name of its folder."""
    owner: str
    """The e-mail address of the team that owns it."""
    team: str | None
    """The GitHub team that reviews its changes; None where the owner does."""
    summary: str
    """What it tells."""
    products: tuple[str, ...]
    """The products that offer it."""
    calls: int
    """The calls that each subscription may make in a minute."""
    endpoints: Mapping[str, str]
    """Where it answers, for each environment in the order of promotion."""


def text(answers: Answers, source: Source) -> str:
    """Return the text of a model's description, with what its keys mean where they do not say it."""
    team = f"team: {_value(answers.team)}\n" if answers.team else ""
    example = f"\n    example: {_value(source.example)}" if source.example is not None else ""
    patches = "\n".join(
        f"  {name}:\n    versions: {{v1: {{deployments: {{main: {{endpoint: {json.dumps(url)}}}}}}}}}"
        for name, url in answers.endpoints.items()
    )
    return f"""{schema.LINE}
owner: {_value(answers.owner)}
{team}summary: {_value(answers.summary)}
kind: {source.kind}

# A change that breaks consumers needs a new version beside this one.
versions:
  v1:
    contract: {_value(source.contract)}{example}

access:
  products: {_value(list(answers.products))}

# For each subscription, whatever its product allows beyond.
limits:
  calls: {answers.calls}
  renewal-period: 60

# What differs, as a merge patch (RFC 7396) of what stands above. Each names its own endpoint: there is no other.
environments:
{patches}
"""


def _value(value: JsonValue) -> str:
    """Return a value as YAML on one line."""
    rendered = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return rendered.removesuffix("\n").removesuffix("\n...")
