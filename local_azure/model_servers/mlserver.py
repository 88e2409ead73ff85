"""MLServer: trains the models of this repository on first use and serves them by the Open Inference Protocol.

A model that can be served here has a folder `server/` beside its model.yaml: `train.py FILE` writes the
trained model, `model-settings.json` is MLServer's own description (https://mlserver.readthedocs.io, "Model Settings").
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from local_azure.model_servers.errors import ModelServerError

MODEL_FILE = "model.joblib"
"""What a training writes, in the folder of its model."""
_DIGEST_FILE = "trained-from"


@dataclass(frozen=True)
class ServedModel:
    """One model that MLServer serves."""

    name: str
    """The model's folder in `models/`, and the name under which MLServer serves it."""
    source: Path
    """The folder with train.py and model-settings.json."""


def find_models(models: Path) -> tuple[ServedModel, ...]:
    """Return the models below `models` that come with a server folder, by name.

    Raises ModelServerError when the settings of one are not JSON or name another model than their folder.
    """
    return tuple(_served(settings) for settings in sorted(models.glob("*/server/model-settings.json")))


def _served(settings: Path) -> ServedModel:
    folder = settings.parent.parent
    source = f"models/{folder.name}/server/{settings.name}"
    try:
        named = json.loads(settings.read_text(encoding="utf-8"))["name"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelServerError(f"{source}: is no JSON object with a `name`. Write one.") from error
    if named != folder.name:
        raise ModelServerError(
            f'{source}: `name` is "{named}"; it must be "{folder.name}", the name of the model\'s folder.'
        )
    return ServedModel(folder.name, settings.parent)


def prepare(
    model: ServedModel, environment: Path, lock: Path, repository: Path, report: Callable[[str], None]
) -> bool:
    """Train `model` into MLServer's `repository` unless that was done from the same sources before.

    Return whether it was trained now.

    `environment` is the `bin` folder of the model server's environment, `lock` the file that pins its
    packages: a model is trained anew when either its sources or the libraries change.

    Raises ModelServerError with the training's own words when it fails.
    """
    digest = hashlib.sha256(lock.read_bytes())
    for file in sorted(model.source.iterdir()):
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    target = repository / model.name
    if (target / _DIGEST_FILE).is_file() and (target / _DIGEST_FILE).read_text() == digest.hexdigest():
        return False
    report(f"training {model.name}")
    aside = _aside(repository)
    aside.mkdir(parents=True, exist_ok=True)
    try:
        # A name that was never used: a training that outlives the kill of its caller writes into another folder.
        unfinished = Path(tempfile.mkdtemp(dir=aside))
        _train(model, environment, unfinished)
        (unfinished / _DIGEST_FILE).write_text(digest.hexdigest())
        shutil.rmtree(target, ignore_errors=True)
        repository.mkdir(parents=True, exist_ok=True)
        unfinished.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return True


def _train(model: ServedModel, environment: Path, into: Path) -> None:
    done = subprocess.run(  # noqa: S603 - the model folder's own training program
        [environment / "python", model.source / "train.py", into / MODEL_FILE],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ModelServerError(f"{model.source / 'train.py'} failed: mend it.\n{done.stderr.strip()}")
    shutil.copy(model.source / "model-settings.json", into)


def _aside(repository: Path) -> Path:
    return repository.with_name(f"{repository.name}-unfinished")


def is_trained(model: ServedModel, repository: Path) -> bool:
    """Return whether `repository` holds `model`, be it from older sources."""
    return (repository / model.name / _DIGEST_FILE).is_file()


def forget_others(models: Collection[ServedModel], repository: Path) -> None:
    """Remove what the server would go on serving, and what it could not: only trained models of the tree stay.

    Others are models that left the tree, folders of another layout, and what a killed training left aside.
    """
    names = {model.name for model in models if is_trained(model, repository)}
    shutil.rmtree(_aside(repository), ignore_errors=True)
    for folder in repository.glob("*/"):
        if folder.name not in names:
            shutil.rmtree(folder)


def configure(repository: Path, port: int) -> None:
    """Write MLServer's settings: HTTP on `port`, gRPC and metrics on the two after it, loopback only."""
    repository.mkdir(parents=True, exist_ok=True)
    settings = {
        "host": "127.0.0.1",
        "http_port": port,
        "grpc_port": port + 1,
        "metrics_port": port + 2,
        "debug": False,
        # Inference in the server's own process: worker processes cost seconds at start and outlive a kill.
        "parallel_workers": 0,
    }
    (repository / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def command(environment: Path, repository: Path) -> list[str]:
    """Return the command that serves `repository`."""
    return [str(environment / "mlserver"), "start", str(repository)]
