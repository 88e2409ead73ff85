"""`./dev publish matrix` and `settings`: what jobs are told about the environments that they work on."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from delivery.errors import DeliveryError
from shared import environments
from shared.environments import LOCAL, Environment

MOST_JOBS = 256
"""What GitHub takes for one matrix: https://docs.github.com/en/actions/reference/limits"""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="allow")

    environment: str
    shard: str


class _Matrix(BaseModel):
    model_config = ConfigDict(extra="ignore")

    include: tuple[_Entry, ...]


class _Plan(BaseModel):
    model_config = ConfigDict(extra="ignore")

    matrix: _Matrix


def of_plan(plan: Path, root: Path) -> dict[str, str]:
    """Return the outputs for the jobs of a plan, the file that `./dev plan --json` wrote: `affected` and `matrix`.

    Raises DeliveryError when the file holds no plan, or one of more jobs than GitHub takes.
    """
    try:
        found = _Plan.model_validate_json(plan.read_bytes())
    except (OSError, ValidationError) as error:
        raise DeliveryError(f"{plan} holds no plan: write one with `./dev plan --json {plan}`.") from error
    known = environments.load_all(root)
    entries: list[JsonValue] = [
        {
            **entry.model_dump(mode="json"),
            "artifact": f"{entry.environment}-{_in_names(entry.shard)}",
            **login(known[entry.environment]),
        }
        for entry in found.matrix.include
    ]
    if len(entries) > MOST_JOBS:
        raise DeliveryError(
            f"{plan} has {len(entries)} jobs, and GitHub takes {MOST_JOBS}: lower --shards of `./dev plan`."
        )
    return {"affected": "true" if entries else "false", "matrix": _compact({"include": entries})}


def of_all(root: Path) -> dict[str, str]:
    """Return the output `matrix`: a job for each environment in Azure, in the order of promotion."""
    entries: list[JsonValue] = [
        {"environment": name, "runner": [*described.runner], **login(described)}
        for name, described in delivered(root).items()
    ]
    return {"matrix": _compact({"include": entries})}


def of_environment(name: str, root: Path, shards: tuple[str, ...]) -> dict[str, str]:
    """Return the outputs for the jobs of one environment: `runner`, `models`, `subscription-id` and `tenant-id`.

    `models` is the matrix of the jobs that share the models, each with its shard, such as `1/2`.
    """
    described = environments.load(name, root)
    return {
        "runner": _compact([*described.runner]),
        "models": _compact({"include": [{"shard": shard, "artifact": _in_names(shard)} for shard in shards]}),
        **login(described),
    }


def delivered(root: Path) -> dict[str, Environment]:
    """Return the environments that workflows deliver: all but that of laptops, in the order of promotion."""
    return {name: described for name, described in environments.load_all(root).items() if name != LOCAL}


def login(described: Environment) -> dict[str, str]:
    """Return where a job logs in; as whom is a variable of its GitHub environment."""
    return {
        "subscription-id": described.azure.subscription_id,
        "tenant-id": described.azure.tenant_id,
    }


def _in_names(shard: str) -> str:
    """Return a shard as a part of an artifact's name, which takes no slash."""
    return shard.replace("/", "-of-")


def _compact(value: JsonValue) -> str:
    return json.dumps(value, separators=(",", ":"))
