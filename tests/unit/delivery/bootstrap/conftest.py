"""A repository with one environment, a stand-in Azure CLI that knows nothing yet, and a stand-in Pulumi CLI."""

import argparse
import io
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from delivery.bootstrap import command
from delivery.context import Context
from shared.environments import REPOSITORY
from tests.support import azure_cli
from tests.support.azure_cli import World

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "00000000-0000-0000-0000-000000000000"
KEY = "bXkta2V5"
FILES = ("environments/dev.yaml", "stacks/foundation/Pulumi.dev.yaml", "stacks/platform/Pulumi.dev.yaml")

# Writes the stack's file anew, as the CLI does, and knows which stacks it has made.
_PULUMI = f"""#!/bin/sh
echo "$*" >> {{folder}}/pulumi.calls
if [ -s {{folder}}/pulumi.denials ]; then
  sed -i 1d {{folder}}/pulumi.denials
  echo 'error: Caller is not authorized to perform action on resource. Code: ForbiddenByRbac' >&2
  exit 255
fi
made="{{folder}}/made.$(basename "$PWD")"
if [ -e "$made" ]; then
  echo "error: stack 'organization/$(basename "$PWD")/$3' already exists" >&2
  exit 255
fi
touch "$made"
key="$(sed -n 's/^encryptedkey: //p' "Pulumi.$3.yaml")"
printf 'secretsprovider: %s\\nencryptedkey: %s\\nconfig: {{{{}}}}\\n' "$5" "${{{{key:-{KEY}}}}}" > "Pulumi.$3.yaml"
"""


@dataclass(frozen=True)
class Bench:
    """Where a bootstrap runs."""

    folder: Path
    printed: str = ""
    """What the first run printed, where there was one."""

    @property
    def root(self) -> Path:
        return self.folder / "repository"

    @property
    def world(self) -> World:
        return azure_cli.load(self.folder / "world.json")

    def change(self, world: World) -> None:
        azure_cli.save(self.folder / "world.json", world)

    def text(self, source: str) -> str:
        return (self.root / source).read_text()

    @property
    def pulumi_calls(self) -> list[str]:
        file = self.folder / "pulumi.calls"
        return file.read_text().splitlines() if file.exists() else []

    def deny_pulumi(self, times: int) -> None:
        (self.folder / "pulumi.denials").write_text("no\n" * times)

    def forget_calls(self) -> None:
        world = self.world
        world.calls.clear()
        self.change(world)
        (self.folder / "pulumi.calls").unlink(missing_ok=True)

    def run(self, *arguments: str) -> str:
        """Return what `./dev bootstrap --env dev ARGUMENTS` prints."""
        parser = argparse.ArgumentParser()
        command.add_parser(parser.add_subparsers())
        repository = () if "--repository" in arguments else ("--repository", "contoso/models")
        options = parser.parse_args(["bootstrap", "--env", "dev", *repository, *arguments])
        printed = io.StringIO()
        variables = {"PULUMI_BACKEND_URL": f"file://{self.folder / 'backend'}"}
        context = Context(self.root, Console(file=printed, width=100), lambda _: variables)
        assert options.run(options, context) == 0
        return printed.getvalue()


def _made(folder: Path) -> Bench:
    """Return a bench in which nothing was bootstrapped yet."""
    made = Bench(folder)
    for source in FILES:
        (made.root / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / source, made.root / source)
    made.change(World(SUBSCRIPTION, TENANT))
    return made


def _enter(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-ins of the bench first on PATH."""
    programs = bench.folder / "bin"
    programs.mkdir(exist_ok=True)
    az, pulumi = programs / "az", programs / "pulumi"
    az.write_text(f'#!/bin/sh\nexec {sys.executable} -ES {azure_cli.__file__} "$@"\n')
    pulumi.write_text(_PULUMI.format(folder=bench.folder))
    for program in (az, pulumi):
        program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv(azure_cli.WORLD, str(bench.folder / "world.json"))
    monkeypatch.setattr("delivery.bootstrap.stacks_made._PAUSE_SECONDS", 0)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Nothing was bootstrapped yet."""
    made = _made(tmp_path)
    _enter(made, monkeypatch)
    return made


@pytest.fixture(scope="session")
def bootstrapped_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which everything was bootstrapped, and what that printed."""
    made = _made(tmp_path_factory.mktemp("bootstrapped"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        _enter(made, monkeypatch)
        return made.folder, made.run()


@pytest.fixture
def first_written(bootstrapped_once: tuple[Path, str]) -> list[str]:
    """The writing commands of a first run, as a shell takes them."""
    return [shlex.join(call) for call in Bench(bootstrapped_once[0]).world.calls if azure_cli.writes(call)]


@pytest.fixture
def done(bootstrapped_once: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Everything was bootstrapped; what was called until then is forgotten."""
    folder, printed = bootstrapped_once
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    made = Bench(tmp_path, printed)
    _enter(made, monkeypatch)
    made.forget_calls()
    return made
