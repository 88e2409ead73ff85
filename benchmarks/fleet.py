"""`./dev fleet N`: N model folders in a scratch copy of this repository, for tests of scale.

Each is one of the repository's own models under another name, in turn, so that kinds of models alternate. They share
what was trained: a folder's train.py copies the file that its origin's training wrote once.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.scratch import ROOT, Scratch, copy_repository
from laptop.layout import Layout
from laptop.ports import Ports, remember
from laptop.servers import model_server_cache
from local_azure.model_servers import environment, finding, training
from shared.model import description

MOST = 500
"""Models of the largest fleet."""
_NAME = "fleet-{:03}"
_TRAINED = "trained.joblib"
_TRAINING = f'''"""Writes the model that was trained once for the whole fleet, to the FILE of `python train.py FILE`."""

import shutil
import sys
from pathlib import Path

shutil.copy(Path(__file__).with_name("{_TRAINED}"), sys.argv[1])
'''


def make(count: int, into: Path | None, report: Callable[[str], None]) -> Scratch:
    """Copy the repository to the folder `into` (default: a new one for temporary files), and add a fleet of `count`.

    Its `./dev local` uses free ports and installs nothing. Raises BenchmarkError when the fleet is too small or too
    large, the folder is not empty or lies in this repository; ModelServerError when the models cannot be trained.
    """
    _check_count(count)
    scratch = copy_repository(_folder(into))
    layout = Layout(scratch.root)
    layout.local.mkdir(mode=0o700)
    remember(layout.run, Ports(scratch.port))
    with tempfile.TemporaryDirectory() as trained:
        add_models(scratch.root, count, train(scratch.root, Path(trained) / "models", report))
    return scratch


def train(root: Path, repository: Path, report: Callable[[str], None]) -> dict[str, Path]:
    """Train the models of the repository at `root` that come with a server into the folder `repository`.

    Return the file or folder that each training wrote, by the model's name.
    """
    lock = root / "requirements" / "model-server.txt"
    tools = environment.ensure(lock, model_server_cache(), report)
    trained = {}
    for model in finding.find_models(root / "models"):
        training.prepare(model, tools, lock, repository, report)
        trained[model.name] = repository / model.name / model.output
    return trained


def add_models(root: Path, count: int, trained: Mapping[str, Path]) -> tuple[str, ...]:
    """Add `count` folders to `models/` of the repository at `root`; return their names.

    `trained` is what each model's training wrote. Raises BenchmarkError when there is no model to begin with.
    """
    _check_count(count)
    origins = description.names(root)
    if not origins:
        raise BenchmarkError("There is no model in models/ of which a fleet could be made: add one.")
    made = names(count)
    for number, name in enumerate(made):
        _rename(root / "models", origins[number % len(origins)], name, trained)
    return made


def names(count: int) -> tuple[str, ...]:
    """Return the names of a fleet: fleet-001, fleet-002 and so on."""
    return tuple(_NAME.format(number) for number in range(1, count + 1))


def _rename(models: Path, origin: str, name: str, trained: Mapping[str, Path]) -> None:
    """Copy a model's folder under another name, which also takes the old one's place in what its files say."""
    folder = models / name
    shutil.copytree(models / origin, folder)
    for file in (*folder.rglob("*.yaml"), *folder.rglob("*.json")):
        file.write_text(file.read_text(encoding="utf-8").replace(origin, name), encoding="utf-8")
    if origin not in trained:
        return
    if trained[origin].is_dir():  # a saved MLflow model, which is served as it is
        shutil.copytree(trained[origin], folder / "server" / training.SAVED)
        (folder / "server" / "train.py").unlink()
        return
    shutil.copy(trained[origin], folder / "server" / _TRAINED)
    (folder / "server" / "train.py").write_text(_TRAINING, encoding="utf-8")


def _check_count(count: int) -> None:
    if not 1 <= count <= MOST:
        raise BenchmarkError(f"A fleet has 1 to {MOST} models, not {count}: name another number.")


def _folder(into: Path | None) -> Path:
    if into is None:
        return Path(tempfile.mkdtemp(prefix="model-gateway-fleet-"))
    folder = into.resolve()
    if folder.is_relative_to(ROOT):
        raise BenchmarkError(f"--into {into}: lies in this repository. Name a folder outside of it.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BenchmarkError(f"--into {into}: is not empty. Name a folder that is, or that does not exist.")
    return folder
