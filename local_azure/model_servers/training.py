"""The models that this repository serves itself, and their training on first use.

A model that can be served here has a folder `server/` beside its model.yaml, with one of:

- `model-settings.json` and `train.py`: MLServer serves the file that `train.py FILE` writes;
- `train.py` alone: MLflow's scoring server serves the folder that `train.py FOLDER` writes, as MLflow saves a model;
- `model/`, a saved MLflow model (`MLmodel` and what it names): MLflow's scoring server serves it as it is.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from local_azure.model_servers.errors import ModelServerError

SETTINGS = "model-settings.json"
"""MLServer's description of a model."""
SAVED = "model"
"""The folder of a saved MLflow model."""
DESCRIPTION = "MLmodel"
"""What MLflow writes of a saved model, in its folder."""
_PROGRAM = "train.py"
_DIGEST_FILE = "trained-from"


class Server(Enum):
    """What serves a model; the value is what a training writes for it, in the folder of its model."""

    MLSERVER = "model.joblib"
    MLFLOW = SAVED


@dataclass(frozen=True)
class ServedModel:
    """One model that this repository serves."""

    name: str
    """The model's folder in `models/`, and the name under which it is served."""
    source: Path
    """The folder `server/`."""
    server: Server
    """What serves it."""

    @property
    def output(self) -> str:
        """What its training writes: a file or a folder."""
        return self.server.value


def prepare(
    model: ServedModel, environment: Path, lock: Path, repository: Path, report: Callable[[str], None]
) -> bool:
    """Bring `model` into the `repository` of its server unless that was done from the same sources before.

    Return whether it was done now.

    `environment` is the `bin` folder of the model servers' environment, `lock` the file that pins its
    packages: a model is trained anew when either its sources or the libraries change.

    Raises ModelServerError with the training's own words when it fails.
    """
    digest = _digest(model, lock)
    target = repository / model.name
    if (target / _DIGEST_FILE).is_file() and (target / _DIGEST_FILE).read_text() == digest:
        return False
    aside = _aside(repository)
    aside.mkdir(parents=True, exist_ok=True)
    try:
        # A name that was never used: a training that outlives the kill of its caller writes into another folder.
        unfinished = Path(tempfile.mkdtemp(dir=aside))
        _obtain(model, environment, unfinished, report)
        (unfinished / _DIGEST_FILE).write_text(digest)
        shutil.rmtree(target, ignore_errors=True)
        repository.mkdir(parents=True, exist_ok=True)
        unfinished.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return True


def _digest(model: ServedModel, lock: Path) -> str:
    digest = hashlib.sha256(lock.read_bytes())
    for file in sorted(model.source.rglob("*")):
        # Python's own leftovers are no sources.
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(str(file.relative_to(model.source)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _obtain(model: ServedModel, environment: Path, into: Path, report: Callable[[str], None]) -> None:
    if (model.source / _PROGRAM).is_file():
        report(f"training {model.name}")
        _train(model, environment, into)
    else:
        shutil.copytree(model.source / SAVED, into / SAVED)
    if model.server is Server.MLSERVER:
        shutil.copy(model.source / SETTINGS, into)


def _train(model: ServedModel, environment: Path, into: Path) -> None:
    program, output = model.source / _PROGRAM, into / model.output
    done = subprocess.run(  # noqa: S603 - the model folder's own training program
        [environment / "python", program, output], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ModelServerError(f"{program} failed: mend it.\n{done.stderr.strip()}")
    if model.server is Server.MLFLOW and not (output / DESCRIPTION).is_file():
        raise ModelServerError(
            f"{program} wrote no MLflow model to the folder that it was given: save one there "
            f"(`mlflow.sklearn.save_model(model, sys.argv[1])`, say), or add {SETTINGS} for MLServer."
        )


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
