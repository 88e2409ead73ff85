"""A repository with one model, whose contract and description tests change."""

import io
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console

from delivery import command
from delivery.context import Context
from tests.unit.delivery.repository import commit

_ROOT = Path(__file__).parents[4]
MODEL = "flowers"
DESCRIPTION = f"models/{MODEL}/model.yaml"
CONTRACT = f"models/{MODEL}/contracts/v1.json"

METADATA: dict[str, JsonValue] = {
    "name": MODEL,
    "inputs": [{"name": "x", "datatype": "FP64", "shape": [-1, 4]}],
    "outputs": [{"name": "y", "datatype": "INT64", "shape": [-1]}],
}
"""The contract of a new repository."""

TEXT = """\
owner: plant-science@contoso.example
summary: Tells flowers apart.
kind: open-inference-protocol
versions:
  v1:
    contract: contracts/v1.json
    deployments: {main: {endpoint: "https://flowers.models.contoso.example"}}
access:
  products: [trial, standard]
limits: {calls: 300, renewal-period: 60}
environments: {}
"""
"""The description of a new repository's model."""

OLD_TEXT = """\
owner: plant-science@contoso.example
summary: Tells flowers apart.
versions:
  v1:
    contract: contracts/v1.json
    endpoint: https://flowers.models.contoso.example
products: [trial, standard]
limits: {calls: 300, renewal-period: 60}
"""
"""A description as it was before versions had deployments."""


@dataclass(frozen=True)
class Outcome:
    """What a call of the command line came to."""

    code: int
    lines: list[str]


@dataclass(frozen=True)
class Scratch:
    """The repository."""

    root: Path

    @classmethod
    def made(cls, root: Path, text: str = TEXT) -> "Scratch":
        """Make the repository, with one commit on `main`."""
        shutil.copytree(_ROOT / "environments", root / "environments")
        made = cls(root)
        made.write(DESCRIPTION, text)
        made.write(CONTRACT, json.dumps(METADATA))
        made.git("init", "--quiet", "--initial-branch=main")
        made.commit()
        return made

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def narrow(self) -> None:
        """Change the contract so that it takes whole numbers alone."""
        self.write(CONTRACT, json.dumps(METADATA).replace("FP64", "INT32"))

    def widen(self) -> None:
        """Change the contract so that it takes any number of columns."""
        self.write(CONTRACT, json.dumps(METADATA).replace("[-1, 4]", "[-1, -1]"))

    def edit(self, old: str, new: str) -> None:
        """Change the description."""
        text = (self.root / DESCRIPTION).read_text(encoding="utf-8")
        assert old in text
        self.write(DESCRIPTION, text.replace(old, new))

    def commit(self, message: str = "Change") -> str:
        """Commit everything; return the revision."""
        return commit(self.root, message)

    def branch(self, name: str) -> None:
        """Go on on a new branch."""
        self.git("switch", "--quiet", "--create", name)

    def git(self, *arguments: str) -> None:
        """Run git."""
        subprocess.run(["git", *arguments], cwd=self.root, check=True)

    def compat(self, *arguments: str) -> Outcome:
        """Call `./dev compat`."""
        printed = io.StringIO()
        context = Context(self.root, Console(file=printed, width=200), lambda _: {})
        code = command.main(["compat", *arguments], context)
        return Outcome(code, printed.getvalue().splitlines())
