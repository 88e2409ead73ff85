"""Rule: every job says when it is given up; GitHub's own limit is six hours."""

from tools.workflows.documents import Document


def findings(document: Document) -> list[str]:
    """Find jobs without `timeout-minutes`; one that calls a workflow cannot have it, its jobs have."""
    return [
        f"{document.name}:{job.line}: job {job.name} has no timeout-minutes: say when it is given up"
        for job in document.jobs
        if not job.calls and not job.text("timeout-minutes")
    ]
