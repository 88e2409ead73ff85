"""Ends the programs that a killed engine left behind.

The engine starts a language host, which starts the program. When the engine is killed, nobody tells those two.
"""

from collections.abc import Callable
from pathlib import Path

import psutil

from laptop.processes import end_families

_LANGUAGE_HOST = "pulumi-language-python"
_PROGRAM = "pulumi-language-python-exec"
_ENGINE = "pulumi"
_MOMENT_SECONDS = 1.0


def end_leftovers(pulumi_home: Path) -> int:
    """End language hosts and programs of the engines with this PULUMI_HOME that have lost their parent.

    Return how many there were.
    """
    home = str(pulumi_home)
    return _end(lambda process: process.environ().get("PULUMI_HOME") == home)


def end_leftovers_below(root: Path) -> int:
    """End language hosts and programs that work in the repository at `root` and have lost their parent.

    Return how many there were.
    """
    return _end(lambda process: Path(process.cwd()).is_relative_to(root))


def told(ended: int) -> str:
    """Return a sentence on how many there were; empty for none."""
    programs = "a program" if ended == 1 else f"{ended} programs"
    return f"Ended {programs} that a killed engine had left behind." if ended else ""


def _end(is_ours: Callable[[psutil.Process], bool]) -> int:
    """End the orphans that do not end by themselves in a moment: one of an engine that has just ended does."""
    orphans = [process for process in psutil.process_iter() if _is_orphan(process, is_ours)]
    _, alive = psutil.wait_procs(orphans, timeout=_MOMENT_SECONDS)
    return end_families(alive)


def _is_orphan(process: psutil.Process, is_ours: Callable[[psutil.Process], bool]) -> bool:
    try:
        command = [Path(word).name for word in process.cmdline()[:4]]
        if not command or not (command[0] == _LANGUAGE_HOST or _PROGRAM in command) or not is_ours(process):
            return False
        return _parent(process) != (_ENGINE if command[0] == _LANGUAGE_HOST else _LANGUAGE_HOST)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _parent(process: psutil.Process) -> str:
    """Return the name of the program that started `process` and still runs, or nothing."""
    parent = process.parent()
    return "" if parent is None else Path(next(iter(parent.cmdline()), "")).name
