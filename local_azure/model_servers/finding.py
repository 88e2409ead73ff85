"""Which models of a tree this repository can serve, and by what."""

import json
from collections.abc import Mapping
from pathlib import Path

from local_azure.model_servers.errors import ModelServerError
from local_azure.model_servers.training import DESCRIPTION, SAVED, SETTINGS, ServedModel, Server


def find_models(models: Path) -> tuple[ServedModel, ...]:
    """Return the models below `models` that come with a server folder, by name.

    Raises ModelServerError when MLServer's settings of one are not JSON or name another model than their folder.
    """
    found = (_served(folder) for folder in sorted(models.glob("*/server/")))
    return tuple(model for model in found if model is not None)


def servers_by_model(models: Path) -> Mapping[str, Server]:
    """Return what serves each of these models, by the model's name. Raises ModelServerError as find_models does."""
    return {model.name: model.server for model in find_models(models)}


def _served(source: Path) -> ServedModel | None:
    name = source.parent.name
    if (source / SETTINGS).is_file():
        _require_own_name(name, source / SETTINGS)
        return ServedModel(name, source, Server.MLSERVER)
    if (source / "train.py").is_file() or (source / SAVED / DESCRIPTION).is_file():
        return ServedModel(name, source, Server.MLFLOW)
    return None


def _require_own_name(name: str, settings: Path) -> None:
    source = f"models/{name}/server/{settings.name}"
    try:
        named = json.loads(settings.read_text(encoding="utf-8"))["name"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelServerError(f"{source}: is no JSON object with a `name`. Write one.") from error
    if named != name:
        raise ModelServerError(
            f'{source}: `name` is "{named}"; it must be "{name}", the name of the model\'s folder.'
        )
