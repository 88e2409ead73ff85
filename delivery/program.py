"""Runs a stack's program in this process, for previews (docs/adr/0009-previews-run-programs-in-one-process.md).

Starting Python and importing azure-native's modules takes more than half of the processor time of a preview. In one
process it is done once for all stacks.
"""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType

from pulumi.runtime.stack import run_in_stack

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
    _silence_what_is_cut_off()

    def run() -> None:
        exec(_compiled(main), {"__name__": "__main__", "__file__": str(main)})  # noqa: S102 - the repository's own code

    return run


@cache
def _silence_what_is_cut_off() -> None:
    """Let Python not print what becomes of a program whose engine has ended.

    When a provider refuses, the engine ends, and the Automation API drops the program in its middle: Python then prints
    a traceback of Pulumi's own code. What failed is told as the error of the stack.
    """
    before = sys.unraisablehook

    def hook(unraisable: "sys.UnraisableHookArgs") -> None:
        if getattr(unraisable.object, "cr_code", None) is not run_in_stack.__code__:
            before(unraisable)

    sys.unraisablehook = hook


@cache
def _compiled(main: Path) -> CodeType:
    return compile(main.read_bytes(), main, "exec")
