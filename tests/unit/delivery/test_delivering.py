"""What is asked for wrongly is refused before anything begins, in a sentence."""

import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from delivery.command import main
from delivery.context import Context

_ROOT = Path(__file__).parents[3]
_PARTS = ("environments", "models", "shared", "stacks", "requirements")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy under git, whose environments were never deployed."""
    root = tmp_path_factory.mktemp("repository")
    left_out = shutil.ignore_patterns("__pycache__", "Pulumi.*.*.yaml")
    for part in _PARTS:
        shutil.copytree(_ROOT / part, root / part, ignore=left_out)
    author = ("-c", "user.name=Tests", "-c", "user.email=tests@contoso.example")
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "Begin")):
        subprocess.run(["git", *author, *command], cwd=root, check=True)
    return root


def told(repository: Path, backend: str, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a refused command says."""
    context = Context(repository, Console(file=StringIO()), lambda _: {"PULUMI_BACKEND_URL": backend})
    assert main(arguments, context) == 1
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("preview", "--env", "nowhere"), 'There is no environment "nowhere"'),
        (
            ("preview", "--env", "dev", "--model", "iris-specie"),
            'There is no model "iris-specie". Did you mean',
        ),
        (("preview", "--env", "dev", "--base", "v9"), 'There is no revision "v9"'),
        (("preview", "--env", "dev", "--shard", "3/2"), 'There is no shard "3/2"'),
        (("preview", "--env", "dev", "--parallel", "0"), "--parallel 0: name a number of stacks from 1."),
        (("destroy", "--env", "dev"), "Name what to destroy"),
        (("destroy", "--env", "prod", "--all"), "repeat the command with --yes-destroy prod"),
        (("destroy", "--env", "prod", "--all", "--yes-destroy", "dev"), "with --yes-destroy prod"),
        (("up", "--env", "dev", "--env", "prod"), "name one environment, not 2"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_in_a_sentence(
    repository: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    assert sentence in told(repository, f"file://{tmp_path}", capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_tree_that_is_not_committed_is_not_deployed(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "new.txt").touch()
    sentence = told(repository, f"file://{tmp_path}", capsys, "up", "--env", "dev")
    (repository / "new.txt").unlink()
    assert sentence.startswith("The tree has changes that are not committed")


@pytest.mark.parametrize(
    "command",
    ["plan", "preview", "up", "refresh", "destroy --all", "drift", "smoke", "rollback iris-species --yes"],
)
def test_two_environments_with_one_backend_are_refused(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    described = repository / "environments" / "staging.yaml"
    before = described.read_text(encoding="utf-8")
    described.write_text(before.replace("stcontosomodelsstaging", "stcontosomodelsdev"), encoding="utf-8")
    try:
        sentence = told(repository, f"file://{tmp_path}", capsys, *command.split(), "--env", "dev")
    finally:
        described.write_text(before, encoding="utf-8")
    assert "the place of environments/dev.yaml too" in sentence


def test_a_backend_that_cannot_be_read_is_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentence = told(repository, "s3://elsewhere", capsys, "preview", "--env", "dev")
    assert sentence.startswith("The state backend s3://elsewhere is of no kind that is used here")


@pytest.mark.parametrize(
    "arguments",
    [
        "destroy --env dev --model iris-species",
        "destroy --env prod --all --yes-destroy prod",
        "refresh --env dev --shard 1/1 --layer model --parallel 2",
        "up --env dev --model iris-species",
    ],
)
def test_the_command_that_goes_on_asks_for_the_same_stacks(
    repository: Path, tmp_path: Path, arguments: str
) -> None:
    for name in ("dev", "prod"):
        checkpoint = tmp_path / f".pulumi/stacks/model/iris-species.{name}.json"
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        checkpoint.write_text("{")  # a stack that is refused before an engine starts
    out = StringIO()
    context = Context(repository, Console(file=out), lambda _: {"PULUMI_BACKEND_URL": f"file://{tmp_path}"})
    assert main([*arguments.split(), "--results", str(tmp_path / "results")], context) == 1
    assert out.getvalue().splitlines()[-1] == f"Go on with: ./dev {arguments}"
