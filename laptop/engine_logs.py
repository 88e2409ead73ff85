"""The logs that the engine writes below PULUMI_HOME, one for each run: nobody else removes them."""

from collections import defaultdict
from pathlib import Path

_KEPT = 5
"""Logs of each stack that stay."""


def prune(pulumi_home: Path) -> None:
    """Remove all but the newest logs of each stack; their names are `<stack>-<moment>.log`."""
    of_stack: defaultdict[str, list[Path]] = defaultdict(list)
    for file in sorted((pulumi_home / "logs").glob("*.log")):
        of_stack[file.name.rpartition("-")[0]].append(file)
    for files in of_stack.values():
        for old in files[:-_KEPT]:
            old.unlink(missing_ok=True)
