"""Rule: who can write to Azure is alone in its environment, waits for its turn, and is never cancelled.

A job that can write is one that names the GitHub environment of an environment (not `preview-...`, whose identity
reads, and not `approve-...`, which has none), or calls a workflow that has such a job.
"""

import re

from tools.workflows.documents import Document, Job, Members, mapping, scalar

_HARMLESS = ("preview-", "approve-")
_LOCAL = re.compile(r"\./(\.github/workflows/.+)")


def findings(documents: list[Document]) -> list[str]:
    """Judge all workflows together: a reusable one is as guarded as its callers."""
    writing = {str(each.name) for each in documents if any(_writes(job) for job in each.jobs)}
    return [
        f"{document.name}:{job.line}: {sentence}"
        for document in documents
        for job in document.jobs
        for sentence in [*_login(job), *_turn(document, job, writing)]
    ]


def _writes(job: Job) -> bool:
    return bool(job.environment) and not job.environment.startswith(_HARMLESS)


def _login(job: Job) -> list[str]:
    granted = mapping(job.members.get("permissions"))
    if "id-token" not in granted or job.calls or job.environment:
        return []
    return [f"job {job.name} may log in but names no GitHub environment: no identity trusts it"]


def _turn(document: Document, job: Job, writing: set[str]) -> list[str]:
    called = _LOCAL.fullmatch(job.calls)
    if called and called[1] in writing:
        environment = scalar(mapping(job.members.get("with")).get("environment"))
    elif _writes(job) and document.triggers != {"workflow_call"}:
        environment = job.environment
    else:
        return []
    wanted = {"group": f"deploy-{environment}", "cancel-in-progress": "false", "queue": "max"}
    found = [
        f"job {job.name} writes to {environment}: its concurrency needs `{key}: {value}`"
        for key, value in wanted.items()
        if scalar(_concurrency(job.members).get(key)) != value
    ]
    whole = _concurrency(document.members)
    if whole and scalar(whole.get("cancel-in-progress")) != "false":
        found.append(
            f"job {job.name} writes to {environment}: the workflow must not be cancelled in progress"
        )
    return found


def _concurrency(members: Members) -> Members:
    return mapping(members.get("concurrency"))
