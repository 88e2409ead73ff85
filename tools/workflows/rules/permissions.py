"""Rule: a workflow has no permission, each job has those that it needs, and each of them says what for."""

import re

import yaml

from tools.workflows.documents import Document, Job, mapping

_EXPLAINED = re.compile(r"\s#\s*\S+\s+\S+")


def findings(document: Document) -> list[str]:
    """Find permissions of whole workflows, jobs that do not name theirs, and permissions without a reason."""
    if not document.is_workflow:
        return []
    of_workflow = document.members.get("permissions")
    found = (
        [] if _is_empty(of_workflow) else [f"{document.name}:1: `permissions: {{}}` is missing at the top"]
    )
    return found + [sentence for job in document.jobs for sentence in _of_job(document, job)]


def _of_job(document: Document, job: Job) -> list[str]:
    node = job.members.get("permissions")
    if _is_empty(node):
        return []
    granted = mapping(node)
    if not granted:
        return [f"{document.name}:{job.line}: job {job.name} does not name its permissions, one by one"]
    return [
        f"{document.at(value)}: job {job.name} may {name}: {value.value}: say in a comment what for"
        for name, value in granted.items()
        if not _EXPLAINED.search(document.line(value))
    ]


def _is_empty(node: yaml.Node | None) -> bool:
    return isinstance(node, yaml.MappingNode) and not node.value
