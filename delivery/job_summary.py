"""The summary of a job in GitHub Actions."""

import os
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "GITHUB_STEP_SUMMARY"


def append(markdown: str, variables: Mapping[str, str] = os.environ) -> bool:
    """Add Markdown to the summary of the job that this runs in; return whether it runs in one.

    Page: docs.github.com/actions/reference/workflow-commands-for-github-actions, "Adding a job summary".
    """
    file = variables.get(VARIABLE)
    if file:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(f"{markdown.rstrip()}\n\n")
    return bool(file)
