"""The summary of a job in GitHub Actions."""

import os
from pathlib import Path

_VARIABLE = "GITHUB_STEP_SUMMARY"


def append(markdown: str) -> None:
    """Add Markdown to the summary of the job that this runs in, if it runs in one.

    Page: docs.github.com/actions/reference/workflow-commands-for-github-actions, "Adding a job summary".
    """
    if file := os.environ.get(_VARIABLE):
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(f"{markdown.rstrip()}\n\n")
