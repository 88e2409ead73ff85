"""From what somebody asks for in one environment to the order that is carried out."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from delivery import selection, stacks, trees
from delivery.context import Context
from delivery.inputs import Tree
from delivery.records import Operation
from delivery.running.jobs import Job
from delivery.running.order import Order
from delivery.stacks import StackId
from delivery.tagging import Tags, after_update
from delivery.tags import UNCOMMITTED
from shared import environments


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for in one environment."""

    operation: Operation
    environment: str
    results: Path
    """The folder for records and logs."""
    models: tuple[str, ...] = ()
    """Only these; none means all that are chosen otherwise."""
    everything: bool = False
    """Every stack, whatever it differs from."""
    base: str | None = None
    """Stacks that differ from this revision; None for those that differ from what is deployed."""
    layer: str | None = None
    """Only stacks of this project."""
    shard: str | None = None
    """Only this part of the stacks, as `2/3`."""
    parallel: int | None = None
    """How many stacks at once; None for the environment's own limit, or for a preview that of the machine."""


@dataclass(frozen=True)
class Maker:
    """Makes the order: reads the tree, and a copy of what the environment's backend holds."""

    wanted: Wanted
    context: Context
    tree: Tree
    copied: Path
    """A file backend that holds what the environment's own holds."""
    damaged: Mapping[StackId, object]
    """Stacks whose files in the backend cannot be used, and the sentence that says why."""

    def order(self, variables: Mapping[str, str]) -> Order:
        """Return the order; `variables` are those of the environment's CLI.

        Raises DeliveryError for an unknown model or revision.
        """
        checked = selection.checked(self._jobs(), self.tree.root)
        return Order(
            environment=self.wanted.environment,
            operation=self.wanted.operation,
            jobs=checked.jobs,
            results=self.wanted.results,
            limit=self.wanted.parallel or self._limit,
            variables={**variables, **self._copy_as_backend},
            refused={**checked.refused, **{stack: str(why) for stack, why in self.damaged.items()}},
            tags={job.stack: self._tags(job.stack) for job in checked.jobs if not job.destroys},
            missing=self._missing if self._previews else (),
            revision=self._revision,
            base=trees.commit(self.tree.root, self.wanted.base) if self.wanted.base else "",
            part=self.wanted.shard or "",
        )

    def _jobs(self) -> tuple[Job, ...]:
        wanted, environment = self.wanted, self.wanted.environment
        selection.require_models(self.tree, wanted.models)
        if wanted.base is not None:
            chosen = selection.since(self.tree, wanted.base, environment)
        else:
            chosen = selection.everything(self.tree, environment)
        if wanted.models:
            chosen = selection.only(chosen, wanted.models, environment)
        if wanted.layer is not None:
            chosen = tuple(job for job in chosen if job.stack.project == wanted.layer)
        if wanted.operation is Operation.DESTROY:
            chosen = tuple(replace(job, destroys=True) for job in chosen)
        return chosen

    @property
    def _previews(self) -> bool:
        return self.wanted.operation is Operation.PREVIEW

    @property
    def _missing(self) -> tuple[StackId, ...]:
        read = (stacks.foundation(self.wanted.environment), stacks.platform(self.wanted.environment))
        folder = self.copied / ".pulumi" / "stacks"
        return tuple(stack for stack in read if not any((folder / stack.project).glob(f"{stack.name}.json*")))

    @property
    def _limit(self) -> int:
        if self._previews:
            return os.cpu_count() or 1
        return environments.load(self.wanted.environment, self.tree.root).parallel

    @property
    def _copy_as_backend(self) -> dict[str, str]:
        return {"PULUMI_BACKEND_URL": f"file://{self.copied}"} if self._previews else {}

    @cached_property
    def _revision(self) -> str:
        return UNCOMMITTED if trees.is_dirty(self.tree.root) else trees.commit(self.tree.root, "HEAD")

    @cached_property
    def _inputs(self) -> Mapping[StackId, str]:
        return {stack: made.digest for stack, made in self.tree.inputs(self.wanted.environment).items()}

    def _tags(self, stack: StackId) -> Tags:
        return after_update(self._deployed_tags(stack), self._inputs[stack], self._revision)

    def _deployed_tags(self, stack: StackId) -> Mapping[str, str]:
        file = self.copied / ".pulumi" / "stacks" / stack.project / f"{stack.name}.pulumi-tags"
        tags: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return tags
