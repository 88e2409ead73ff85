"""What a stack is made from: every file that can change what its program registers, and the stack that it builds on.

Two trees in which this is the same deploy the same stack.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path

from pydantic import JsonValue

from delivery import stacks
from delivery.stacks import StackId
from shared import environments
from shared.documents import DocumentError, read_yaml
from shared.layers import MODEL, PLATFORM, split_model_stack
from shared.merge_patch import merge_patch

_LOCK = "requirements/stacks.txt"
# The laptop trains and serves with these; no stack reads them.
_NOT_DEPLOYED = ("server",)
_PROSE = ".md"


@dataclass(frozen=True)
class Inputs:
    """What one stack is made from."""

    files: Mapping[str, str]
    """By path in the repository: a digest of what matters of the file."""
    above: str = ""
    """The digest of the stack whose outputs this one reads; empty for a foundation."""

    @property
    def digest(self) -> str:
        """Return one digest for all of it: what the stack's tag `inputs` holds."""
        return _digest(json.dumps([self.above, self.files], sort_keys=True).encode())


def upstream(stack: StackId) -> StackId | None:
    """Return the stack whose outputs this one reads; None for a foundation."""
    if stack.project == MODEL:
        return stacks.platform(environment_of(stack))
    return stacks.foundation(stack.name) if stack.project == PLATFORM else None


def environment_of(stack: StackId) -> str:
    """Return the environment that a stack belongs to."""
    return split_model_stack(stack.name)[1] if stack.project == MODEL else stack.name


class Tree:
    """One tree of this repository, read for what its stacks are made from."""

    def __init__(self, root: Path) -> None:
        """Read the tree whose root folder is `root`."""
        self.root = root.resolve()
        self._program = cache(self._read_program)

    def stacks(self, environment: str) -> tuple[StackId, ...]:
        """Return the stacks that this tree describes for an environment, each after those that it builds on."""
        if environment not in environments.names(self.root):
            return ()
        models = tuple(stacks.model(name, environment) for name in self.models())
        return (stacks.foundation(environment), stacks.platform(environment), *models)

    def models(self) -> tuple[str, ...]:
        """Return the names of the model folders, alphabetically."""
        return tuple(sorted(path.parent.name for path in (self.root / "models").glob("*/model.yaml")))

    def inputs(self, environment: str) -> dict[StackId, Inputs]:
        """Return what every stack of an environment is made from, each after what it builds on."""
        found: dict[StackId, Inputs] = {}
        for stack in self.stacks(environment):
            above = upstream(stack)
            found[stack] = Inputs(self._of(stack), found[above].digest if above else "")
        return found

    def _of(self, stack: StackId) -> dict[str, str]:
        environment = environment_of(stack)
        files = dict(self._program(stack.project))
        files |= self._files(_LOCK, f"environments/{environment}.yaml", f"stacks/{stack.project}/Pulumi.yaml")
        if stack.project == MODEL:
            return files | dict(self._model(split_model_stack(stack.name)[0], environment))
        return files | self._files(f"stacks/{stack.project}/Pulumi.{environment}.yaml")

    def _files(self, *paths: str) -> dict[str, str]:
        return {
            path: _digest((self.root / path).read_bytes()) for path in paths if (self.root / path).is_file()
        }

    def _read_program(self, project: str) -> dict[str, str]:
        """Return the modules of this repository that a project's program imports, directly or through others.

        What is imported inside a function or for types alone counts too: better a preview too many than one too few.
        """
        folder = self.root / "stacks" / project
        finder = ModuleFinder(path=[str(folder), str(self.root)])
        finder.run_script(str(folder / "__main__.py"))
        # A module that is no file has none: `sys`, or a package without __init__.py.
        found = (getattr(module, "__file__", None) for module in finder.modules.values())
        return self._files(*(Path(file).relative_to(self.root).as_posix() for file in found if file))

    def _model(self, name: str, environment: str) -> Iterator[tuple[str, str]]:
        """Yield the parts of a model's folder: its description as it is in one environment, and the other files."""
        folder = self.root / "models" / name
        described = f"models/{name}/model.yaml"
        yield described, _described(folder / "model.yaml", described, environment)
        for path in sorted(folder.rglob("*")):
            within = path.relative_to(folder)
            if not path.is_file() or within.parts[0] in _NOT_DEPLOYED or within.suffix == _PROSE:
                continue
            if within.name != "model.yaml":
                relative = path.relative_to(self.root).as_posix()
                yield relative, _digest(path.read_bytes())


def _described(path: Path, source: str, environment: str) -> str:
    """Return the digest of a model's description as it is in one environment: comments and other patches aside.

    One that is no YAML counts as it is written; whoever deploys it gets the sentence that tells what is wrong.
    """
    try:
        document = read_yaml(path, source)
    except DocumentError:
        return _digest(path.read_bytes())
    return _digest(json.dumps(_in_environment(document, environment), sort_keys=True).encode())


def _in_environment(document: JsonValue, environment: str) -> JsonValue:
    patches = document.get("environments") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(patches, dict):
        return document
    common = {key: value for key, value in document.items() if key != "environments"}
    return merge_patch(common, patches.get(environment, {}))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
