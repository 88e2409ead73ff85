"""From what somebody asks for in one environment to the order that is carried out."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from delivery import stacks
from delivery.planning import trees
from delivery.planning.inputs import Tree, own_digest
from delivery.records import Operation
from delivery.running import selection
from delivery.running.forward import require_forward
from delivery.running.jobs import Job
from delivery.running.order import Order
from delivery.running.wanted import Wanted
from delivery.stacks import StackId
from delivery.state import Copied
from delivery.tagging import Tags, after_update, while_destroyed
from delivery.tags import UNCOMMITTED
from shared import environments
from shared.environments import LOCAL
from shared.projects import MODEL


@dataclass(frozen=True)
class Maker:
    """Makes the order: reads the tree, and a copy of what the environment's backend holds."""

    wanted: Wanted
    tree: Tree
    copied: Copied
    """What the environment's backend holds."""

    def order(self, variables: Mapping[str, str]) -> Order:
        """Return the order; `variables` are those of the environment's CLI.

        Raises DeliveryError for what is found wrong before anything begins.
        """
        plan = selection.selected(self.wanted, self.tree, self.copied.deployed)
        if self.wanted.operation is Operation.UP and self.wanted.environment != LOCAL:
            there = (self.copied.deployed.get(each.stack) for each in plan.stacks)
            require_forward(self.tree.root, there, takes_all=self.wanted.everything)
        checked = selection.checked(plan.stacks, self.tree.root)
        return Order(
            environment=self.wanted.environment,
            operation=self.wanted.operation,
            jobs=checked.jobs,
            results=self.wanted.results,
            limit=self.wanted.parallel or self._limit,
            variables={**variables, **(self.copied.backend if self._previews else {})},
            refused={**checked.refused, **{stack: str(why) for stack, why in self.copied.damaged.items()}},
            tags={job.stack: self._tags(job) for job in checked.jobs if self._writes},
            missing=self._missing if self._previews and checked.jobs else (),
            revision=self._revision,
            base=trees.commit(self.tree.root, self.wanted.base) if self.wanted.base else "",
            part=self.wanted.shard or "",
            notes=plan.notes,
        )

    @property
    def _previews(self) -> bool:
        return self.wanted.operation is Operation.PREVIEW

    @property
    def _writes(self) -> bool:
        return self.wanted.operation in {Operation.UP, Operation.DESTROY}

    @property
    def _missing(self) -> tuple[StackId, ...]:
        read = (stacks.foundation(self.wanted.environment), stacks.platform(self.wanted.environment))
        return tuple(stack for stack in read if stack not in self.copied.deployed)

    @property
    def _limit(self) -> int:
        if self._previews:
            return os.cpu_count() or 1
        return environments.load(self.wanted.environment, self.tree.root).parallel

    @cached_property
    def _revision(self) -> str:
        return trees.recordable(self.tree.root)

    def _tags(self, job: Job) -> Tags:
        stack = job.stack
        deployed = self.copied.deployed.get(stack)
        if job.destroys:
            return while_destroyed(deployed.tags if deployed else {})
        inputs = self.tree.inputs(self.wanted.environment)[stack]
        folder = own_digest(stack, inputs) if stack.project == MODEL else None
        revision = self._revision or UNCOMMITTED
        return after_update(deployed.tags if deployed else {}, inputs.digest, revision, folder)
