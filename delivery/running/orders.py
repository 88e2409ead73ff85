"""From what somebody asks for in one environment to the order that is carried out."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from delivery import stacks, tags
from delivery.planning import trees
from delivery.planning.inputs import Tree, own_digest
from delivery.records import Operation
from delivery.running import selection
from delivery.running.forward import require_forward
from delivery.running.jobs import Job
from delivery.running.order import Order
from delivery.running.wanted import Wanted
from delivery.stacks import StackId
from delivery.tagging import Tags, after_update, while_destroyed
from delivery.tags import UNCOMMITTED, Deployed
from shared import environments
from shared.environments import LOCAL
from shared.projects import MODEL


@dataclass(frozen=True)
class Maker:
    """Makes the order: reads the tree, and a copy of what the environment's backend holds."""

    wanted: Wanted
    tree: Tree
    copied: Path
    """A file backend that holds what the environment's own holds."""
    damaged: Mapping[StackId, Exception]
    """Stacks whose files in the backend cannot be used, and the error that says why."""

    def order(self, variables: Mapping[str, str]) -> Order:
        """Return the order; `variables` are those of the environment's CLI.

        Raises DeliveryError for what is found wrong before anything begins.
        """
        plan = selection.selected(self.wanted, self.tree, self._deployed)
        if self.wanted.operation is Operation.UP and self.wanted.environment != LOCAL:
            there = (self._deployed.get(each.stack) for each in plan.stacks)
            require_forward(self.tree.root, there, takes_all=self.wanted.everything)
        checked = selection.checked(plan.stacks, self.tree.root)
        return Order(
            environment=self.wanted.environment,
            operation=self.wanted.operation,
            jobs=checked.jobs,
            results=self.wanted.results,
            limit=self.wanted.parallel or self._limit,
            variables={**variables, **self._copy_as_backend},
            refused={**checked.refused, **{stack: str(why) for stack, why in self.damaged.items()}},
            tags={job.stack: self._tags(job) for job in checked.jobs if self._writes},
            missing=self._missing if self._previews and checked.jobs else (),
            revision=self._revision,
            base=trees.commit(self.tree.root, self.wanted.base) if self.wanted.base else "",
            part=self.wanted.shard or "",
            notes=plan.notes,
        )

    @cached_property
    def _deployed(self) -> Mapping[StackId, Deployed]:
        return tags.deployed(self.copied, self.damaged)

    @property
    def _previews(self) -> bool:
        return self.wanted.operation is Operation.PREVIEW

    @property
    def _writes(self) -> bool:
        return self.wanted.operation in {Operation.UP, Operation.DESTROY}

    @property
    def _missing(self) -> tuple[StackId, ...]:
        read = (stacks.foundation(self.wanted.environment), stacks.platform(self.wanted.environment))
        return tuple(stack for stack in read if stack not in self._deployed)

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
        return trees.recordable(self.tree.root)

    def _tags(self, job: Job) -> Tags:
        stack = job.stack
        deployed = self._deployed.get(stack)
        if job.destroys:
            return while_destroyed(deployed.tags if deployed else {})
        inputs = self.tree.inputs(self.wanted.environment)[stack]
        folder = own_digest(stack, inputs) if stack.project == MODEL else None
        revision = self._revision or UNCOMMITTED
        return after_update(deployed.tags if deployed else {}, inputs.digest, revision, folder)
