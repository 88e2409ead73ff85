"""The models of a tree as consumers know them: the one on disk, and that of a git revision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from delivery.compat.facts import ModelFacts, VersionFacts, facts_of
from delivery.planning.tree_files import Committed, Files, OnDisk, document
from shared.contracts.contract import Contract
from shared.contracts.files import ContractFiles
from shared.contracts.sources import ContractKind, compile_contract
from shared.documents import DocumentError
from shared.model import description
from shared.model.folder import DESCRIPTION, ModelFolder


@dataclass(frozen=True)
class CommittedFolder:
    """The files of a model's folder in a revision."""

    files: Files
    model: str
    revision: str
    """As sentences call it."""

    def read(self, path: str) -> bytes:
        """Return what a file of the folder holds. Raises DocumentError when there is none."""
        try:
            return self.files.content(f"models/{self.model}/{path}")
        except FileNotFoundError:
            raise DocumentError([f"{self.source(path)}: there is no such file."]) from None

    def source(self, path: str) -> str:
        """Return how sentences call a file of the folder."""
        return f"models/{self.model}/{path} of {self.revision}"


class Tree(Protocol):
    """A tree of this repository."""

    @property
    def files(self) -> Files:
        """Return its files."""

    def folder(self, model: str) -> ContractFiles:
        """Return the files of a model."""

    def facts(self, model: str, environment: str) -> ModelFacts:
        """Return the facts of a model in an environment. Raises DocumentError when its description cannot be read."""


@dataclass(frozen=True)
class Now:
    """The tree on disk, which has to be right."""

    root: Path
    files: Files

    @classmethod
    def at(cls, root: Path) -> "Now":
        """Return the tree below `root`."""
        return cls(root, OnDisk(root))

    def folder(self, model: str) -> ContractFiles:
        """Return the files of a model."""
        return ModelFolder(self.root, model)

    def facts(self, model: str, environment: str) -> ModelFacts:
        """Return the facts of a model, whose description is checked. Raises DocumentError when it is wrong."""
        description.load(model, environment, root=self.root)
        return facts_of(_described(self.folder(model), environment))


@dataclass(frozen=True)
class Then:
    """The tree of a revision, as far as it can be read."""

    files: Files
    revision: str
    """As sentences call it."""

    @classmethod
    def at(cls, root: Path, commit: str, revision: str) -> "Then":
        """Return the tree of a commit of the repository at `root`."""
        return cls(Committed(root, commit), revision)

    def folder(self, model: str) -> ContractFiles:
        """Return the files of a model."""
        return CommittedFolder(self.files, model, self.revision)

    def facts(self, model: str, environment: str) -> ModelFacts:
        """Return the facts of a model, whatever form its description had. Raises DocumentError when it is no YAML."""
        return facts_of(_described(self.folder(model), environment))


def models(tree: Tree) -> frozenset[str]:
    """Return the names of the models of a tree."""
    return frozenset(
        name for name in tree.files.names("models") if tree.files.id(f"models/{name}/{DESCRIPTION}")
    )


def contract(tree: Tree, model: str, version: VersionFacts) -> Contract:
    """Return the contract of a version. Raises DocumentError when it cannot be compiled."""
    kinds = [kind for kind in ContractKind if kind == version.kind]
    if version.reference is None or not kinds:
        source = tree.folder(model).source(DESCRIPTION)
        raise DocumentError([f"{source} names no contract of a kind that is known."])
    return compile_contract(kinds[0], version.reference, tree.folder(model))


def contents(tree: Tree, model: str) -> Mapping[str, str | None]:
    """Return git's id of each file of a model but its description: what contracts are made from."""
    root = f"models/{model}"
    return {path: tree.files.id(path) for path in _below(tree.files, root) if path != f"{root}/{DESCRIPTION}"}


def _below(files: Files, folder: str) -> Iterator[str]:
    for name in files.names(folder):
        path = f"{folder}/{name}"
        if files.id(path) is None:
            yield from _below(files, path)
        else:
            yield path


def _described(folder: ContractFiles, environment: str) -> JsonValue:
    source = folder.source(DESCRIPTION)
    said = document(folder.read(DESCRIPTION), source)
    # Patches for environments that are no more say nothing here.
    return description.resolved(said, environment, source, _named(said, environment))


def _named(said: JsonValue, environment: str) -> tuple[str, ...]:
    patches = said.get("environments") if isinstance(said, dict) else None
    return (*patches, environment) if isinstance(patches, dict) else (environment,)
