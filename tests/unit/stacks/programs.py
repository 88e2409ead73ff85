"""The three stack programs, run under a recording monitor with their committed configuration."""

import json
import runpy
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from shared import layers
from shared.environments import REPOSITORY, load, render_model_stack
from tests.unit.stacks.recording import Recording, Registered, Situation, run

Outputs = Mapping[str, Mapping[str, Any]]
"""The outputs of stacks, by the name by which a reference finds them."""


def foundation(environment: str = "local", *, preview: bool = False, **changes: object) -> Recording:
    """Run the foundation's program; ``changes`` replace settings, and None removes one."""
    config = configuration(layers.FOUNDATION, environment, changes)
    return _run(Situation(layers.FOUNDATION, environment, preview, config))


def platform(
    environment: str = "local",
    *,
    preview: bool = False,
    stored: Outputs | None = None,
    into: list[Registered] | None = None,
    **changes: object,
) -> Recording:
    """Run the platform's program on the outputs of the foundation's."""
    outputs = _deployed_foundation(environment) if stored is None else stored
    config = configuration(layers.PLATFORM, environment, changes)
    return _run(Situation(layers.PLATFORM, environment, preview, config, outputs), into)


def model(
    environment: str = "local",
    *,
    name: str = "iris-species",
    preview: bool = False,
    stored: Outputs | None = None,
    endpoint: str | None = None,
) -> Recording:
    """Run the program of a model on the outputs of the platform's."""
    outputs = _deployed_platform(environment) if stored is None else stored
    stack = layers.model_stack(name, environment)
    config = configuration(layers.MODEL, environment, endpoint=endpoint)
    return _run(Situation(layers.MODEL, stack, preview, config, outputs))


def stored_outputs(project: str, stack: str, recording: Recording) -> dict[str, dict[str, Any]]:
    """Return what a program exported, as a later program finds it."""
    return {f"organization/{project}/{stack}": dict(recording.exports)}


def configuration(
    project: str,
    environment: str,
    changes: Mapping[str, object] | None = None,
    *,
    endpoint: str | None = None,
) -> dict[str, str]:
    """Return the configuration of a stack: committed with the layers below, rendered for a model.

    ``changes`` replace settings, and None removes one.
    """
    if project == layers.MODEL:
        text = render_model_stack(load(environment), endpoint=endpoint)
    else:
        text = (REPOSITORY / "stacks" / project / f"Pulumi.{environment}.yaml").read_text()
    changed = {f"{project}:{key}": value for key, value in (changes or {}).items()}
    config = {**yaml.safe_load(text)["config"], **changed}
    return as_engine_writes({key: value for key, value in config.items() if value is not None})


def as_engine_writes(config: Mapping[str, Any]) -> dict[str, str]:
    """Return configuration as the engine hands it to a program: scalars as text, the rest as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


@cache
def _deployed_foundation(environment: str) -> Outputs:
    return stored_outputs(layers.FOUNDATION, environment, foundation(environment))


@cache
def _deployed_platform(environment: str) -> Outputs:
    return stored_outputs(layers.PLATFORM, environment, platform(environment))


def _run(situation: Situation, into: list[Registered] | None = None) -> Recording:
    path = REPOSITORY / "stacks" / situation.project / "__main__.py"
    return run(lambda: runpy.run_path(str(path), run_name="__main__"), situation, into)
