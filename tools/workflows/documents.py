"""Workflows and actions as YAML nodes, which know their lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

Members = dict[str, yaml.Node]


@dataclass(frozen=True)
class Job:
    """One job of a workflow."""

    name: str
    line: int
    """From 1, as editors count."""
    members: Members

    def text(self, member: str) -> str:
        """Return a scalar member as it is written; empty when there is none."""
        return scalar(self.members.get(member))

    @property
    def calls(self) -> str:
        """The reusable workflow that the job is; empty for one with steps."""
        return self.text("uses")

    @property
    def environment(self) -> str:
        """The GitHub environment that the job names; empty for none."""
        node = self.members.get("environment")
        return scalar(mapping(node).get("name")) or scalar(node)


@dataclass(frozen=True)
class Document:
    """One workflow or action."""

    name: Path
    """Relative to the repository."""
    text: str
    members: Members

    @property
    def is_workflow(self) -> bool:
        """Whether it is a workflow; else it is an action."""
        return "jobs" in self.members

    @property
    def triggers(self) -> frozenset[str]:
        """The events that start it."""
        node = self.members.get("on")
        listed = [scalar(each) for each in items(node)] or [scalar(node)]
        return frozenset(mapping(node) or listed)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs of a workflow."""
        return tuple(
            Job(name, node.start_mark.line, mapping(node))
            for name, node in mapping(self.members.get("jobs")).items()
        )

    @property
    def steps(self) -> tuple[Members, ...]:
        """The steps of all jobs of a workflow, or of a composite action."""
        holders = [job.members for job in self.jobs] + [mapping(self.members.get("runs"))]
        return tuple(mapping(step) for holder in holders for step in items(holder.get("steps")))

    def at(self, node: yaml.Node) -> str:
        """Return `file:line`, where a node begins."""
        return f"{self.name}:{node.start_mark.line + 1}"

    def line(self, node: yaml.Node) -> str:
        """Return the whole line on which a node begins, with its comment."""
        return self.text.splitlines()[node.start_mark.line]


def parse(name: Path, text: str) -> Document:
    """Parse a workflow or an action; yaml.YAMLError when it is none."""
    return Document(name, text, mapping(yaml.compose(text, Loader=yaml.SafeLoader)))


def read_all(root: Path) -> Iterator[Document]:
    """Read all workflows and local actions of a repository."""
    for pattern in (".github/workflows/*.y*ml", ".github/actions/*/action.y*ml"):
        for file in sorted(root.glob(pattern)):
            yield parse(file.relative_to(root), file.read_text(encoding="utf-8"))


def mapping(node: yaml.Node | None) -> Members:
    """Return the members of a mapping; none for any other node."""
    return {scalar(key): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """Return the items of a sequence; none for any other node."""
    return node.value if isinstance(node, yaml.SequenceNode) else []


def scalar(node: yaml.Node | None) -> str:
    """Return a scalar as it is written; empty for any other node."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
