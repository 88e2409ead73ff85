"""Runs a stack's program in this process, for previews (docs/adr/0009-previews-run-programs-in-one-process.md).

Starting Python and importing azure-native's modules takes more than half of the processor time of a preview. In one
process it is done once for all stacks.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType

import shared

_OWN_ROOT = Path(shared.__file__).resolve().parent.parent


def of(root: Path, project: str) -> Callable[[], None] | None:
    """Return the program of a project in the repository at `root`, as a function.

    None when that is not the repository whose library this process has imported, or the program has modules beside
    itself: it takes modules that this process would find elsewhere, or not at all, so it needs one of its own.
    """
    folder = _OWN_ROOT / "stacks" / project
    main = folder / "__main__.py"
    if root.resolve() != _OWN_ROOT or any(each != main for each in folder.rglob("*.py")):
        return None

    def run() -> None:
        exec(_compiled(main), {"__name__": "__main__", "__file__": str(main)})  # noqa: S102 - the repository's own code

    return run


@cache
def _compiled(main: Path) -> CodeType:
    return compile(main.read_bytes(), main, "exec")
