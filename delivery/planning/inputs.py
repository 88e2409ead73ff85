"""What a stack is made from: every file that can change what its program registers, and the stack that it builds on.

Two trees in which this is the same deploy the same stack.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pydantic import JsonValue

from delivery import stacks
from delivery.planning import trees
from delivery.planning.contract_files import contract_files
from delivery.planning.imports import modules
from delivery.planning.tree_files import Committed, Files, OnDisk, document
from delivery.stacks import StackId
from shared.documents import DocumentError, parse
from shared.environments import Environment
from shared.model.description import resolved
from shared.model.lifecycle import says_retired
from shared.projects import MODEL, PLATFORM, split_model_stack

_LOCK = "requirements/stacks.txt"
_NOT_DEPLOYED = frozenset({"order", "summary", "runner", "parallel", "approval"})
"""Keys of an environment that say how it is delivered; no stack holds anything of them."""


@dataclass(frozen=True)
class Inputs:
    """What one stack is made from."""

    files: Mapping[str, str]
    """By path in the repository: a digest of what matters of the file."""
    above: str = ""
    """The digest of the stack whose outputs this one reads; empty for a foundation."""

    @cached_property
    def digest(self) -> str:
        """Return one digest for all of it: what the stack's tag `inputs` holds."""
        return _digest([self.above, dict(sorted(self.files.items()))])


def upstream(stack: StackId) -> StackId | None:
    """Return the stack whose outputs this one reads; None for a foundation."""
    if stack.project == MODEL:
        return stacks.platform(environment_of(stack))
    return stacks.foundation(stack.name) if stack.project == PLATFORM else None


def environment_of(stack: StackId) -> str:
    """Return the environment that a stack belongs to."""
    return split_model_stack(stack.name)[1] if stack.project == MODEL else stack.name


def model_of(stack: StackId) -> str:
    """Return the model whose stack it is."""
    return split_model_stack(stack.name)[0]


def own_files(stack: StackId, inputs: Inputs) -> dict[str, str]:
    """Return the part of a model's stack that its own folder decides, by the path within the folder."""
    folder = f"models/{model_of(stack)}/"
    return {
        path.removeprefix(folder): digest
        for path, digest in sorted(inputs.files.items())
        if path.startswith(folder)
    }


def own_digest(stack: StackId, inputs: Inputs) -> str:
    """Return one digest of `own_files`: what the tag `held` holds of a stack that was rolled back.

    A hold ends when this changes. It is the same in every version of this program, and whatever else changes: else a
    new version would deploy again what was rolled back.
    """
    return _digest(own_files(stack, inputs))


class Tree:
    """One tree of this repository, read for what its stacks are made from."""

    def __init__(self, root: Path, files: Files | None = None) -> None:
        """Read the tree whose root folder is `root`; `files` stand for those that lie there now."""
        self.root = root.resolve()
        self._files: Files = OnDisk(self.root) if files is None else files
        self._inputs = cache(self._read)
        self._program = cache(self._read_program)

    @classmethod
    def at(cls, root: Path, revision: str) -> "Tree":
        """Return the tree of a revision of the repository at `root`.

        Raises RevisionError when there is no such revision.
        """
        return cls(root, Committed(root, trees.commit(root, revision)))

    def environments(self) -> tuple[str, ...]:
        """Return the names of the environments, alphabetically."""
        names = self._files.names("environments")
        return tuple(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))

    def models(self) -> tuple[str, ...]:
        """Return the names of the model folders, alphabetically."""
        return tuple(name for name in self._files.names("models") if self._files.id(_description(name)))

    def stacks(self, environment: str) -> tuple[StackId, ...]:
        """Return the stacks that this tree describes for an environment, each after those that it builds on."""
        if environment not in self.environments():
            return ()
        models = tuple(stacks.model(name, environment) for name in self.models())
        return (stacks.foundation(environment), stacks.platform(environment), *models)

    def inputs(self, environment: str) -> dict[StackId, Inputs]:
        """Return what every stack of an environment is made from, each after what it builds on."""
        return {stack: self._inputs(stack) for stack in self.stacks(environment)}

    def of(self, stack: StackId) -> Inputs | None:
        """Return what one stack is made from; None when this tree does not describe it."""
        return self._inputs(stack) if stack in self.stacks(environment_of(stack)) else None

    def is_retired(self, model: str, environment: str) -> bool:
        """Tell whether the model's folder says that it is retired there; one that is missing or wrong does not."""
        try:
            described = self._described(model, environment)
        except (FileNotFoundError, DocumentError):
            return False
        return says_retired(described)

    def _read(self, stack: StackId) -> Inputs:
        above = upstream(stack)
        digest = self._inputs(above).digest if above else ""
        return Inputs(dict(self._files_of(stack, environment_of(stack))), digest)

    def _read_program(self, project: str) -> Mapping[str, str]:
        """Return what all stacks of a project are made from, by path."""
        folder = f"stacks/{project}"
        return dict(self._whole(_LOCK, f"{folder}/Pulumi.yaml", *modules(self._files, folder)))

    def _files_of(self, stack: StackId, environment: str) -> Iterator[tuple[str, str]]:
        """Yield path and digest of each file that a stack is made from."""
        yield from self._program(stack.project).items()
        yield from self._environment(environment)
        if stack.project == MODEL:
            yield from self._model(model_of(stack), environment)
        else:
            yield from self._said(f"stacks/{stack.project}/Pulumi.{environment}.yaml")

    def _whole(self, *paths: str) -> Iterator[tuple[str, str]]:
        """Yield the files that there are, as they are written."""
        for path in paths:
            if (found := self._files.id(path)) is not None:
                yield path, found

    def _said(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield a YAML file, if there is one, by what it says: comments aside."""
        if self._files.id(path) is None:
            return
        try:
            yield path, _digest(document(self._files.content(path), path))
        except DocumentError:
            yield from self._whole(path)

    def _environment(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield the description of an environment; one that is wrong counts whole, for every program refuses it."""
        path = f"environments/{name}.yaml"
        try:
            said = document(self._files.content(path), path)
            parse(Environment, said, path)
        except DocumentError:
            yield from self._whole(path)
            return
        deployed = said.items() if isinstance(said, dict) else ()
        yield path, _digest({key: value for key, value in deployed if key not in _NOT_DEPLOYED})

    def _model(self, name: str, environment: str) -> Iterator[tuple[str, str]]:
        """Yield a model's description as it is in one environment, and the contracts that it names.

        A description that is wrong counts as it is written; whoever deploys it gets the sentence that tells why.
        """
        try:
            described = self._described(name, environment)
        except DocumentError:
            yield from self._whole(_description(name))
            return
        yield _description(name), _digest(described)
        yield from self._whole(*contract_files(self._files, f"models/{name}", described))

    def _described(self, model: str, environment: str) -> JsonValue:
        path = _description(model)
        return resolved(document(self._files.content(path), path), environment, path, self.environments())


def _description(model: str) -> str:
    return f"models/{model}/model.yaml"


def _digest(value: JsonValue | Mapping[str, str]) -> str:
    """Return a digest of a value. The order of keys counts: examples and chains of resources keep it."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
